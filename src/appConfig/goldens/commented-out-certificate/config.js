const msal = require('@azure/msal-node');

const config = {
    auth: {
        clientId: process.env.CLIENT_ID,
        authority: process.env.AUTHORITY,
        clientSecret: process.env.CLIENT_SECRET
        // clientCertificate: {
        //     thumbprint: process.env.CERT_THUMBPRINT,
        //     privateKey: process.env.CERT_PRIVATE_KEY,
        // }
    }
};

module.exports = new msal.ConfidentialClientApplication(config);
