const msal = require("@azure/msal-node");
const settings = require("./settings.json");
const { createPrivateKey } = require("crypto");
const { readFileSync } = require("fs");

const config = {
  auth: {
    clientId: settings.clientId,
    authority: `${settings.authorityUri}${settings.tenantId}`,
  },
};

async function getToken(mode) {
  if (mode === "masteruser") {
    const user = new msal.PublicClientApplication(config);
    return user.acquireTokenByUsernamePassword({});
  }
  config.auth.clientCertificate = {
    thumbprintSha256: process.env.CLIENT_CERTIFICATE_THUMBPRINT,
    privateKey: createPrivateKey({
      key: readFileSync(process.env.CLIENT_CERTIFICATE_KEY_PATH),
      passphrase: process.env.CLIENT_CERTIFICATE_PASSPHRASE,
    }).export({ type: "pkcs8", format: "pem" }).toString(),
  };
  const app = new msal.ConfidentialClientApplication(config);
  return app.acquireTokenByClientCredential({});
}

module.exports = { getToken };
