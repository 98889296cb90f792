// The nightly report asks for a token of the app itself: no member is signed in then.
const msal = require('@azure/msal-node');
const { msalConfig } = require('./authConfig');

async function main() {
    const client = new msal.ConfidentialClientApplication(msalConfig);
    const result = await client.acquireTokenByClientCredential({ scopes: ['https://graph.microsoft.com/.default'] });
    console.log(`Token obtained, valid until ${result.expiresOn.toISOString()}`);
}

main().catch((error) => {
    console.error(`${error.errorCode}: ${error.message}`);
    process.exitCode = 1;
});
