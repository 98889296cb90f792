const fs = require('fs');
const { createPrivateKey: toKey, randomBytes } = require('crypto');
const msal = require('@azure/msal-node');

module.exports = new msal.ConfidentialClientApplication({
  auth: {
    clientId: process.env.CLIENT_ID,
    clientCertificate: {
      thumbprintSha256: process.env.CLIENT_CERTIFICATE_THUMBPRINT,
      privateKey: toKey({
        key: fs.readFileSync(process.env.CLIENT_CERTIFICATE_KEY_PATH),
        passphrase: process.env.CLIENT_CERTIFICATE_PASSPHRASE,
      }).export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
  },
});
