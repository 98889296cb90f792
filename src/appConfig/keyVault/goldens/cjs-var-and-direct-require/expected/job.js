const { clientCertificateFetched } = require('./keyVaultCertificate');

(async () => {
    await clientCertificateFetched();
    const result = await require('./client').getClient().acquireTokenByClientCredential({ scopes: [] });
    console.log(result.expiresOn);
})();
