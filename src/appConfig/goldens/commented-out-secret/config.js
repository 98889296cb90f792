const msal = require('@azure/msal-node');

module.exports = new msal.ConfidentialClientApplication({
  auth: {
    clientId: process.env.CLIENT_ID,
    // clientSecret: process.env.OLD_CLIENT_SECRET,
    clientSecret: process.env.CLIENT_SECRET,
  },
});
