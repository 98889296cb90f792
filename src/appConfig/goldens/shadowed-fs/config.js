const fs = require('fs');
const msal = require('@azure/msal-node');

module.exports = (fs) =>
  new msal.ConfidentialClientApplication({
    auth: {
      clientId: fs.id,
      clientSecret: process.env.CLIENT_SECRET,
    },
  });
