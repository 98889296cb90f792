const msal = require('@azure/msal-node');

const config = { auth: { clientId: process.env.CLIENT_ID } };
config.auth.clientSecret = process.env.CLIENT_SECRET;

async function getToken() {
    const client = new msal.ConfidentialClientApplication(config);
    return client.acquireTokenByClientCredential({ scopes: [] });
}

module.exports = { getToken };
