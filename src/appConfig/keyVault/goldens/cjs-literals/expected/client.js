const { ConfidentialClientApplication } = require('@azure/msal-node');
const { clientCertificateFetched, fetchClientCertificate } = require('./keyVaultCertificate');

const config = {
    auth: {
        clientId: '00000000-0000-4000-8000-000000000000',
        clientCertificate: fetchClientCertificate(),
    },
};

async function token() {
    await clientCertificateFetched();
    return new ConfidentialClientApplication(config).acquireTokenByClientCredential({ scopes: [] });
}

token();
