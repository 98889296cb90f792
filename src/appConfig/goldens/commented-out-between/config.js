const msal = require('@azure/msal-node');

const config = {
    auth: {
        clientId: process.env.CLIENT_ID,
        clientSecret: process.env.CLIENT_SECRET,
        /* clientCertificate: {
            thumbprint: "",
            privateKey: ""
        }, */
        authority: process.env.AUTHORITY
    }
};

module.exports = new msal.ConfidentialClientApplication(config);
