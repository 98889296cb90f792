const msal = require("@azure/msal-node");
const settings = require("./settings.json");

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
  config.auth.clientSecret = process.env.PBI_CLIENT_SECRET;
  const app = new msal.ConfidentialClientApplication(config);
  return app.acquireTokenByClientCredential({});
}

module.exports = { getToken };
