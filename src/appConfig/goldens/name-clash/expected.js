const fs = require('fs').promises;
const { createPrivateKey } = require('crypto');
const { readFileSync: readFileSyncNode } = require('fs');
const crypto = { name: 'not the module' };
const msal = require('@azure/msal-node');
function readFileSync() {
  return fs.readFile('x');
}

module.exports = new msal.ConfidentialClientApplication({
  auth: {
    clientId: crypto.name,
    clientCertificate: {
      thumbprintSha256: process.env.CLIENT_CERTIFICATE_THUMBPRINT,
      privateKey: createPrivateKey({
        key: readFileSyncNode(process.env.CLIENT_CERTIFICATE_KEY_PATH),
        passphrase: process.env.CLIENT_CERTIFICATE_PASSPHRASE,
      }).export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
  },
});
