const { ConfidentialClientApplication } = require('@azure/msal-node');
const { msalConfig } = require('./config');

function makeClient() {
    return new ConfidentialClientApplication(msalConfig);
}

register('client', makeClient);
