const msal = require('@azure/msal-node');
const { msalConfig } = require('./authConfig');

module.exports = new msal.ConfidentialClientApplication(msalConfig);
