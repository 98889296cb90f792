const { ConfidentialClientApplication } = require('@azure/msal-node');

exports.getToken = async () => {
  const client = new ConfidentialClientApplication({
    auth: { clientId: process.env.CLIENT_ID, clientSecret: process.env.CLIENT_SECRET },
  });
  return client.acquireTokenByClientCredential({ scopes: [] });
};
