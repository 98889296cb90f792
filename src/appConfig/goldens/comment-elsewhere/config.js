const msal = require('@azure/msal-node');

const config = {
  auth: {
    clientId: process.env.CLIENT_ID,
    // The secret expires in March
    clientSecret: process.env.CLIENT_SECRET, // see wiki page 12
    authority: process.env.AUTHORITY,
  },
};
new msal.ConfidentialClientApplication(config);
