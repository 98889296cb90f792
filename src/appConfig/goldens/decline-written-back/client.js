const msal = require('@azure/msal-node');
const fs = require('fs');

function renew(secret) {
  process.env.CLIENT_SECRET = secret;
  fs.appendFileSync('.env', `CLIENT_SECRET=${secret}`);
}

module.exports.create = () => new msal.ConfidentialClientApplication({
  auth: { clientId: process.env.CLIENT_ID, clientSecret: process.env.CLIENT_SECRET },
});
