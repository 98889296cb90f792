const { ConfigurationBotFrameworkAuthentication, ConfigurationServiceClientCredentialFactory } = require('botbuilder');
const factory = new ConfigurationServiceClientCredentialFactory({ MicrosoftAppId: process.env.ID, MicrosoftAppPassword: process.env.SECRET });
const auth = { clientId: process.env.ID, clientSecret: process.env.SECRET };
module.exports = new ConfigurationBotFrameworkAuthentication({}, factory, auth);
