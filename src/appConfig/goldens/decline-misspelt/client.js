const msal = require('@azure/msal-node');

module.exports = new msal.ConfidentialClientApplication({
  auth: {
    clientId: process.env.CLIENT_ID,
    ClientCertificate: { thumbprint: process.env.THUMB, privateKey: process.env.KEY },
  },
});
