const msal = require('@azure/msal-node');

const client = new msal.ConfidentialClientApplication({
  auth: {
    clientId: process.env.CLIENT_ID,
    clientSecret: process.env.CLIENT_SECRET,
  },
});

const crypto = require('crypto');
const { readFileSync } = require('fs');

module.exports = { client, hash: () => crypto.createHash('sha256').update(readFileSync('a')) };
