const { ConfidentialClientApplication } = require('@azure/msal-node');
const { msalConfig } = require('./authConfig.js');

(async () => {
    const client = new ConfidentialClientApplication(msalConfig);
    await client.acquireTokenByClientCredential({ scopes: [] });
})();
