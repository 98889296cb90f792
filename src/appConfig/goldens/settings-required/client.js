const config = require('config');
const msal = require('@azure/msal-node');

const client = new msal.ConfidentialClientApplication({
  auth: {
    clientId: config.get('azure.clientId'),
    clientSecret: config.get('azure.clientSecret'),
  },
});
module.exports = client;
