const msal = require('@azure/msal-node');

const config = {
  auth: {
    clientId: process.env.CLIENT_ID,
    clientSecret: process.env.CLIENT_SECRET,
  },
};

function renew(secret) {
  config.auth.clientSecret = secret;
}

module.exports = { client: new msal.ConfidentialClientApplication(config), renew };
