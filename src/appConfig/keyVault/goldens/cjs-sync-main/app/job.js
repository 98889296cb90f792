const msal = require('@azure/msal-node');

const config = { auth: { clientId: process.env.CLIENT_ID, clientSecret: process.env.CLIENT_SECRET } };

function main() {
    const client = new msal.ConfidentialClientApplication(config);
    client.acquireTokenByClientCredential({ scopes: [] }).then((result) => console.log(result.expiresOn));
}

main();
