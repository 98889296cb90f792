const msal = require('@azure/msal-node');

const msalConfig = {
    auth: {
        clientId: 'f1a2b3c4-0000-4000-8000-000000000001',
        authority: 'https://login.microsoftonline.com/contoso.example',
        clientSecret: 'made-up.value-2',
    },
};

module.exports = new msal.ConfidentialClientApplication(msalConfig);
