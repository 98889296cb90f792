const msal = require('@azure/msal-node');

const config = {
  auth: {
    clientId: 'f1a2b3c4-0000-4000-8000-000000000001',
    authority: 'https://login.microsoftonline.com/common',
    clientSecret: process.env.CLIENT_SECRET
  }
};

module.exports = new msal.ConfidentialClientApplication(config);
