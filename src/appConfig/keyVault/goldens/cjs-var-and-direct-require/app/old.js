const { ConfidentialClientApplication } = require('@azure/msal-node');
const { msalConfig } = require('./config');

var cca = new ConfidentialClientApplication(msalConfig);

async function token() {
    return cca.acquireTokenByClientCredential({ scopes: [] });
}

token();
