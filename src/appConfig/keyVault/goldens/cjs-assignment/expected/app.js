const msal = require('@azure/msal-node');
const { clientCertificateFetched, fetchClientCertificate } = require('./keyVaultCertificate');

const config = { auth: { clientId: process.env.CLIENT_ID } };
config.auth.clientCertificate = fetchClientCertificate();

async function getToken() {
    await clientCertificateFetched();
    const client = new msal.ConfidentialClientApplication(config);
    return client.acquireTokenByClientCredential({ scopes: [] });
}

module.exports = { getToken };
