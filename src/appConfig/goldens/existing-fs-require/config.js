const fs = require('fs');
const { createPrivateKey: toKey, randomBytes } = require('crypto');
const msal = require('@azure/msal-node');

module.exports = new msal.ConfidentialClientApplication({
  auth: {
    clientId: process.env.CLIENT_ID,
    clientSecret: process.env.CLIENT_SECRET,
  },
});
