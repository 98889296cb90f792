const { AuthenticationContext } = require('adal-node');
const parameters = { tenant: 'contoso', authorityHostUrl: 'https://login.windows.net', clientId: process.env.ID, clientSecret: process.env.SECRET };
const context = new AuthenticationContext(parameters.authorityHostUrl + '/' + parameters.tenant);
context.acquireTokenWithClientCredentials('https://graph.windows.net', parameters.clientId, parameters.clientSecret, () => {});
