const { ConfidentialClientApplication } = require('@azure/msal-node');
const session = require('express-session');
const { createPrivateKey } = require('crypto');
const { readFileSync } = require('fs');
const { CLIENT_ID: clientId, CLIENT_SECRET: clientSecret } = process.env;

module.exports = (app) => {
  app.use(session({ secret: clientSecret }));
  return new ConfidentialClientApplication({ auth: { clientId, clientCertificate: { thumbprintSha256: process.env.CLIENT_CERTIFICATE_THUMBPRINT, privateKey: createPrivateKey({ key: readFileSync(process.env.CLIENT_CERTIFICATE_KEY_PATH), passphrase: process.env.CLIENT_CERTIFICATE_PASSPHRASE }).export({ type: 'pkcs8', format: 'pem' }).toString() } } });
};
