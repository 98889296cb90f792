const { ConfidentialClientApplication } = require('@azure/msal-node');
const { msalConfig } = require('./config');

let client;

function getClient() {
    client ??= new ConfidentialClientApplication(msalConfig);
    return client;
}

module.exports = { getClient };
