const msal = require('@azure/msal-node');
const { readFileSync } = require('fs');

const config = {
  auth: {
    clientId: 'f1a2b3c4-0000-4000-8000-000000000001',
    authority: 'https://login.microsoftonline.com/common',
    clientCertificate: {
      thumbprintSha256: process.env.CLIENT_CERTIFICATE_THUMBPRINT,
      privateKey: readFileSync(process.env.CLIENT_CERTIFICATE_KEY_PATH, 'utf8')
    }
  }
};

module.exports = new msal.ConfidentialClientApplication(config);
