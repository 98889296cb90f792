const fs = require('fs').promises;
const crypto = { name: 'not the module' };
const msal = require('@azure/msal-node');
function readFileSync() {
  return fs.readFile('x');
}

module.exports = new msal.ConfidentialClientApplication({
  auth: {
    clientId: crypto.name,
    clientSecret: process.env.CLIENT_SECRET,
  },
});
