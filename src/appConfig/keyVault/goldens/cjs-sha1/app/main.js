const { ConfidentialClientApplication } = require('@azure/msal-node');
const { msalConfig } = require('./config');

module.exports = async () => new ConfidentialClientApplication(msalConfig);
