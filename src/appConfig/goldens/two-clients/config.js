const msal = require('@azure/msal-node');

exports.first = new msal.ConfidentialClientApplication({
  auth: {
    clientId: process.env.FIRST_ID,
    clientSecret: process.env.FIRST_SECRET,
  },
});
exports.second = new msal.ConfidentialClientApplication({
  auth: {
    clientId: process.env.SECOND_ID,
    clientSecret: process.env.SECOND_SECRET,
  },
});
