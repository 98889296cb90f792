const msal = require('@azure/msal-node');
const { createPrivateKey } = require('crypto');
const { readFileSync } = require('fs');

const CLIENT_SECRET = 'made-up.value-3';

module.exports = new msal.ConfidentialClientApplication({
  auth: {
    clientId: 'f1a2b3c4-0000-4000-8000-000000000001',
    clientCertificate: {
      thumbprintSha256: process.env.CLIENT_CERTIFICATE_THUMBPRINT,
      privateKey: createPrivateKey({
        key: readFileSync(process.env.CLIENT_CERTIFICATE_KEY_PATH),
        passphrase: process.env.CLIENT_CERTIFICATE_PASSPHRASE,
      }).export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
  },
});
