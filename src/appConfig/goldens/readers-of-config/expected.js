const msal = require('@azure/msal-node');
const { createPrivateKey } = require('crypto');
const { readFileSync } = require('fs');

const msalConfig = {
  auth: {
    clientId: process.env.CLIENT_ID,
    clientCertificate: {
      thumbprintSha256: process.env.CLIENT_CERTIFICATE_THUMBPRINT,
      privateKey: createPrivateKey({
        key: readFileSync(process.env.CLIENT_CERTIFICATE_KEY_PATH),
        passphrase: process.env.CLIENT_CERTIFICATE_PASSPHRASE,
      }).export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
  },
};

function check() {
  const { clientSecret } = msalConfig.auth;
  if (!msalConfig.auth.clientSecret) throw new Error('no secret');
  return clientSecret;
}

module.exports = { client: new msal.ConfidentialClientApplication(msalConfig), check };
