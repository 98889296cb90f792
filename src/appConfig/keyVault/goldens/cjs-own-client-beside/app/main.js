const { ConfidentialClientApplication } = require('@azure/msal-node');
const { msalConfig } = require('./config');

async function main() {
    const client = new ConfidentialClientApplication(msalConfig);
    return client.acquireTokenByClientCredential({ scopes: [] });
}

main();
