(async () => {
    const result = await require('./client').getClient().acquireTokenByClientCredential({ scopes: [] });
    console.log(result.expiresOn);
})();
