const { ConfidentialClientApplication } = require('@azure/msal-node');
const client = new ConfidentialClientApplication({ auth: { clientId: process.env.CLIENT_ID, authority: process.env.AUTHORITY, clientSecret: process.env.CLIENT_SECRET } });
module.exports = client;
