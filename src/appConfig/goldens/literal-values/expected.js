const { ConfidentialClientApplication } = require('@azure/msal-node');
const { createPrivateKey } = require('crypto');
const { readFileSync } = require('fs');

const client = new ConfidentialClientApplication({
  auth: {
    clientId: 'f1a2b3c4-0000-4000-8000-000000000001',
    authority: 'https://login.microsoftonline.com/0000-tenant',
    clientCertificate: {
      thumbprintSha256: '0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF',
      privateKey: createPrivateKey({
        key: readFileSync('certs/app.key'),
        passphrase: process.env.CLIENT_CERTIFICATE_PASSPHRASE,
      }).export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
  },
});

module.exports = { client };
