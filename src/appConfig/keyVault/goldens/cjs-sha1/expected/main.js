const { ConfidentialClientApplication } = require('@azure/msal-node');
const { msalConfig } = require('./config');
const { clientCertificateFetched } = require('./keyVaultCertificate');

module.exports = async () => { await clientCertificateFetched(); return new ConfidentialClientApplication(msalConfig); };
