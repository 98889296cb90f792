const msal = require('@azure/msal-node');

const config = {
    auth: {
        clientId: "Enter_the_Application_Id",
        authority: "Enter_the_Cloud_Instance_Id_Here/Enter_the_Tenant_Info_here",
        clientSecret: process.env.CLIENT_SECRET // Client secret generated from the app registration
    },
    system: {}
};
const cca = new msal.ConfidentialClientApplication(config);
