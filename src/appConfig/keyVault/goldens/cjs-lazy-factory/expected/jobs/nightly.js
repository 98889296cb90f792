const lib = require('../lib/client');
const { clientCertificateFetched } = require('../lib/keyVaultCertificate');

const run = () => lib.getClient().acquireTokenByClientCredential({ scopes: [] });

clientCertificateFetched().then(() => run());
