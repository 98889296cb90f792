const msal = require('@azure/msal-node');
const { clientCertificateFetched, fetchClientCertificate } = require('./keyVaultCertificate');

const config = { auth: { clientId: process.env.CLIENT_ID, clientCertificate: fetchClientCertificate() } };

function main() {
    const client = new msal.ConfidentialClientApplication(config);
    client.acquireTokenByClientCredential({ scopes: [] }).then((result) => console.log(result.expiresOn));
}

clientCertificateFetched().then(() => main());
