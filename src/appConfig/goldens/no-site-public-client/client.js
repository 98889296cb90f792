const { PublicClientApplication } = require('@azure/msal-node');
const config = { auth: { clientId: 'id', authority: 'https://login.microsoftonline.com/common', clientSecret: process.env.CLIENT_SECRET } };
module.exports = new PublicClientApplication(config);
