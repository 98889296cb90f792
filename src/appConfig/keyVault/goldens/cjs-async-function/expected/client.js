const { ConfidentialClientApplication } = require('@azure/msal-node');
const { getClientCertificate } = require('./keyVaultCertificate');

exports.getToken = async () => {
  const client = new ConfidentialClientApplication({
    auth: { clientId: process.env.CLIENT_ID, clientCertificate: await getClientCertificate() },
  });
  return client.acquireTokenByClientCredential({ scopes: [] });
};
