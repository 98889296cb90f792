const { ConfidentialClientApplication } = require('@azure/msal-node');
const { msalConfig } = require('./config');
const { clientCertificateFetched } = require('./keyVaultCertificate');

async function main() {
    await clientCertificateFetched();
    const client = new ConfidentialClientApplication(msalConfig);
    return client.acquireTokenByClientCredential({ scopes: [] });
}

main();
