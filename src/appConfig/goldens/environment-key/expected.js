const msal = require('@azure/msal-node');

const config = {
  auth: {
    clientId: process.env.CLIENT_ID,
    authority: process.env.AUTHORITY,
    clientCertificate: {
      thumbprintSha256: process.env.CLIENT_CERTIFICATE_THUMBPRINT,
      privateKey: Buffer.from(process.env.CLIENT_CERTIFICATE_KEY, 'base64').toString('utf8'),
    },
  },
};

module.exports.client = new msal.ConfidentialClientApplication(config);
