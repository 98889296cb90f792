const { getClient } = require('./auth');

exports.run = async () => getClient().acquireTokenByClientCredential({ scopes: [] });
