const { ConfidentialClientApplication } = require('@azure/msal-node');
const { msalConfig } = require('./config');

class GraphService {
    client = new ConfidentialClientApplication(msalConfig);

    async users() {
        return this.client.acquireTokenByClientCredential({ scopes: [] });
    }
}

module.exports = GraphService;
