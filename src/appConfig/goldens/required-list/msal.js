const msal = require('@azure/msal-node');

const required = ['CLIENT_ID', 'CLIENT_SECRET'];
for (const name of required) if (!process.env[name]) throw new Error(`${name} is missing`);
if (!process.env.CLIENT_SECRET) process.exit(1);

module.exports = new msal.ConfidentialClientApplication({
  auth: {
    clientId: process.env.CLIENT_ID,
    clientSecret: process.env.CLIENT_SECRET,
  },
});
