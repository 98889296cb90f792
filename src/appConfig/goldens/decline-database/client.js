const msal = require('@azure/msal-node');

async function createClient(db, id) {
  const tenant = await db.collection('tenants').findOne({ id });
  return new msal.ConfidentialClientApplication({
    auth: { clientId: tenant.clientId, clientSecret: tenant.clientSecret },
  });
}
module.exports = createClient;
