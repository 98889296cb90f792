const msal = require('@azure/msal-node');
const { createPrivateKey } = require("crypto");
const { readFileSync } = require("fs");

const config = {
    auth: {
        clientId: "Enter_the_Application_Id",
        authority: "Enter_the_Cloud_Instance_Id_Here/Enter_the_Tenant_Info_here",
        clientCertificate: {
            thumbprintSha256: process.env.CLIENT_CERTIFICATE_THUMBPRINT,
            privateKey: createPrivateKey({
                key: readFileSync(process.env.CLIENT_CERTIFICATE_KEY_PATH),
                passphrase: process.env.CLIENT_CERTIFICATE_PASSPHRASE
            }).export({ type: "pkcs8", format: "pem" }).toString()
        }
    },
    system: {}
};
const cca = new msal.ConfidentialClientApplication(config);
