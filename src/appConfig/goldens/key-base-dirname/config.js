const path = require('path');
require('dotenv').config({ path: path.join(__dirname, '..', '.env') });
const msal = require('@azure/msal-node');

module.exports = new msal.ConfidentialClientApplication({
  auth: {
    clientId: process.env.CLIENT_ID,
    clientSecret: process.env.CLIENT_SECRET,
  },
});
