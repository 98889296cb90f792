const { ConfidentialClientApplication } = require('@azure/msal-node');

const config = {
    auth: {
        clientId: '00000000-0000-4000-8000-000000000000',
        clientSecret: 'abc~literal',
    },
};

async function token() {
    return new ConfidentialClientApplication(config).acquireTokenByClientCredential({ scopes: [] });
}

token();
