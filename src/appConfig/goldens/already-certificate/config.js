const msal = require('@azure/msal-node');
const fs = require('fs');

module.exports = new msal.ConfidentialClientApplication({
  auth: {
    clientId: process.env.CLIENT_ID,
    clientSecret: undefined,
    clientCertificate: {
      thumbprint: process.env.CERT_THUMBPRINT,
      privateKey: fs.readFileSync('key.pem', 'utf8'),
    },
  },
});
