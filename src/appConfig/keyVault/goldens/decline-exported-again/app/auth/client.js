const { ConfidentialClientApplication } = require('@azure/msal-node');
const { msalConfig } = require('../config');

function getClient() {
    return new ConfidentialClientApplication(msalConfig);
}

module.exports = { getClient };
