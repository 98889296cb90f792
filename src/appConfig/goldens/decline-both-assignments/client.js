const msal = require('@azure/msal-node');

const config = { auth: { clientId: process.env.CLIENT_ID } };
if (process.env.CERT_KEY) {
  config.auth.clientCertificate = { thumbprint: process.env.CERT_THUMB, privateKey: process.env.CERT_KEY };
} else {
  config.auth.clientSecret = process.env.CLIENT_SECRET;
}
module.exports = new msal.ConfidentialClientApplication(config);
