const msal = require('@azure/msal-node');
const { createPrivateKey } = require('crypto');
const { readFileSync: readFileSyncNode } = require('fs');

const client = new msal.ConfidentialClientApplication({
  auth: {
    clientId: process.env.CLIENT_ID,
    clientCertificate: {
      thumbprintSha256: process.env.CLIENT_CERTIFICATE_THUMBPRINT,
      privateKey: createPrivateKey({
        key: readFileSyncNode(process.env.CLIENT_CERTIFICATE_KEY_PATH),
        passphrase: process.env.CLIENT_CERTIFICATE_PASSPHRASE,
      }).export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
  },
});

const crypto = require('crypto');
const { readFileSync } = require('fs');

module.exports = { client, hash: () => crypto.createHash('sha256').update(readFileSync('a')) };
