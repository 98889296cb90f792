const { SecretClient } = require('@azure/keyvault-secrets');
const msal = require('@azure/msal-node');

async function createClient(vault) {
  const secret = await new SecretClient(vault, credential).getSecret('app-secret');
  return new msal.ConfidentialClientApplication({
    auth: {
      clientId: process.env.CLIENT_ID,
      clientSecret: secret.value,
    },
  });
}
module.exports = createClient;
