const msal = require('@azure/msal-node');

function getConfig() {
  if (process.env.CERT_KEY) {
    return {
      auth: {
        clientId: process.env.CLIENT_ID,
        clientCertificate: { thumbprint: process.env.CERT_THUMB, privateKey: process.env.CERT_KEY },
      },
    };
  }
  return {
    auth: {
      clientId: process.env.CLIENT_ID,
      clientSecret: process.env.CLIENT_SECRET,
    },
  };
}

module.exports = new msal.ConfidentialClientApplication(getConfig());
