const msal = require('@azure/msal-node');

const client = process.env.CLIENT_SECRET
  ? new msal.ConfidentialClientApplication({
      auth: {
        clientId: process.env.CLIENT_ID,
        clientSecret: process.env.CLIENT_SECRET,
      },
    })
  : null;

module.exports = client;
