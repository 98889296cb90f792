const { ConfidentialClientApplication } = require('@azure/msal-node');
const { msalConfig } = require('./authConfig.js');
const { clientCertificateFetched } = require('./keyVaultCertificate3.js');

(async () => {
    await clientCertificateFetched();
    const client = new ConfidentialClientApplication(msalConfig);
    await client.acquireTokenByClientCredential({ scopes: [] });
})();
