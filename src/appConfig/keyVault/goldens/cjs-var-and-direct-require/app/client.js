const { ConfidentialClientApplication } = require('@azure/msal-node');
const { msalConfig } = require('./config');

exports.getClient = () => new ConfidentialClientApplication(msalConfig);
