const { ConfidentialClientApplication } = require('@azure/msal-node');
const { msalConfig } = require('./config');
const { clientCertificateFetched } = require('./keyVaultCertificate');

var cca;
const ccaReady = clientCertificateFetched().then(() => (cca = new ConfidentialClientApplication(msalConfig)));

async function token() {
    await ccaReady;
    return cca.acquireTokenByClientCredential({ scopes: [] });
}

token();
