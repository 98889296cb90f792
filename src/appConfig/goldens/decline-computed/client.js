const msal = require('@azure/msal-node');
module.exports = new msal.ConfidentialClientApplication({
  auth: { clientId: process.env.CLIENT_ID, clientSecret: decrypt(process.env.SECRET_BOX, 'made-up-key') },
});
