const { ConfidentialClientApplication } = require('@azure/msal-node');

module.exports = new ConfidentialClientApplication({
    auth: { clientId: 'other', clientCertificate: { thumbprint: process.env.T, privateKey: process.env.K } },
});
