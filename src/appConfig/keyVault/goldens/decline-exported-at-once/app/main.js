const { ConfidentialClientApplication } = require('@azure/msal-node');
const { msalConfig } = require('./config');

module.exports = new ConfidentialClientApplication(msalConfig);
