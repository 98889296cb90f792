const lib = require('../lib/client');

const run = () => lib.getClient().acquireTokenByClientCredential({ scopes: [] });

run();
