const msal = require('@azure/msal-node');

function createClient() {
  return new msal.ConfidentialClientApplication({
    auth: {
      clientId: process.env.CLIENT_ID,
      clientCertificate: {
        thumbprintSha256: process.env.CLIENT_CERTIFICATE_THUMBPRINT,
        privateKey: crypto.createPrivateKey({
          key: fs.readFileSync(process.env.CLIENT_CERTIFICATE_KEY_PATH),
          passphrase: process.env.CLIENT_CERTIFICATE_PASSPHRASE,
        }).export({ type: 'pkcs8', format: 'pem' }).toString(),
      },
    },
  });
}

const crypto = require('crypto');
const fs = require('fs');

module.exports = { createClient, hash: () => crypto.createHash('sha256').update(fs.readFileSync('a')) };
