const msal = require('@azure/msal-node');

const CLIENT_SECRET = 'made-up.value-3';

module.exports = new msal.ConfidentialClientApplication({
  auth: {
    clientId: 'f1a2b3c4-0000-4000-8000-000000000001',
    clientSecret: CLIENT_SECRET,
  },
});
