const { ConfidentialClientApplication } = require('@azure/msal-node');

const client = new ConfidentialClientApplication({
  auth: {
    clientId: 'f1a2b3c4-0000-4000-8000-000000000001',
    authority: 'https://login.microsoftonline.com/0000-tenant',
    clientSecret: 'made-up.value-1',
  },
});

module.exports = { client };
