const { ConfidentialClientApplication } = require('@azure/msal-node');
const session = require('express-session');
const { CLIENT_ID: clientId, CLIENT_SECRET: clientSecret } = process.env;

module.exports = (app) => {
  app.use(session({ secret: clientSecret }));
  return new ConfidentialClientApplication({ auth: { clientId, clientSecret } });
};
