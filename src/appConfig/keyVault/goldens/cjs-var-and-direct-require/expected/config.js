require('dotenv').config();
const { fetchClientCertificate } = require('./keyVaultCertificate');

const msalConfig = {
    auth: {
        clientId: process.env.CLIENT_ID,
        authority: process.env.AUTHORITY,
        clientCertificate: fetchClientCertificate(),
    },
};

module.exports = { msalConfig };
