const { Connection } = require('tedious');
const config = {
  server: 'db.example',
  authentication: {
    type: 'azure-active-directory-service-principal-secret',
    options: { clientId: process.env.ID, clientSecret: process.env.SECRET, tenantId: process.env.TENANT },
  },
};
module.exports = new Connection(config);
