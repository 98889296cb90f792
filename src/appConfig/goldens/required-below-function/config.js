const msal = require('@azure/msal-node');

function createClient() {
  return new msal.ConfidentialClientApplication({
    auth: {
      clientId: process.env.CLIENT_ID,
      clientSecret: process.env.CLIENT_SECRET,
    },
  });
}

const crypto = require('crypto');
const fs = require('fs');

module.exports = { createClient, hash: () => crypto.createHash('sha256').update(fs.readFileSync('a')) };
