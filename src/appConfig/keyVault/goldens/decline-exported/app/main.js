const { ConfidentialClientApplication } = require('@azure/msal-node');
const { msalConfig } = require('./config');

const cca = new ConfidentialClientApplication(msalConfig);

module.exports = { cca };
