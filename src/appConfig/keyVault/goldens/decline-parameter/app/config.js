const { ConfidentialClientApplication } = require('@azure/msal-node');

exports.makeClient = (clientSecret) =>
    new ConfidentialClientApplication({ auth: { clientId: process.env.CLIENT_ID, clientSecret } });
