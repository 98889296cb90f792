const msal = require("@azure/msal-node");

const config = {
  auth: {
    clientCertificate: { thumbprint: "YOUR_CERT_THUMBPRINT", privateKey: "Enter_the_Private_Key_Here" },
    clientId: process.env.CLIENT_ID,
    clientSecret: process.env.CLIENT_SECRET
  }
};

module.exports = new msal.ConfidentialClientApplication(config);
