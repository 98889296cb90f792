const msal = require('@azure/msal-node');

const msalConfig = {
  auth: {
    clientId: process.env.CLIENT_ID,
    clientSecret: process.env.CLIENT_SECRET,
  },
};

function check() {
  const { clientSecret } = msalConfig.auth;
  if (!msalConfig.auth.clientSecret) throw new Error('no secret');
  return clientSecret;
}

module.exports = { client: new msal.ConfidentialClientApplication(msalConfig), check };
