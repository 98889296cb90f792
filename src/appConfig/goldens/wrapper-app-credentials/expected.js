const { createPrivateKey } = require("crypto");
const { readFileSync } = require("fs");

const appSettings = {
    appCredentials: {
        clientId: "Enter_the_Application_Id_Here",
        tenantId: "Enter_the_Tenant_Info_Here",
        clientCertificate: {
            thumbprintSha256: process.env.CLIENT_CERTIFICATE_THUMBPRINT,
            privateKey: createPrivateKey({
                key: readFileSync(process.env.CLIENT_CERTIFICATE_KEY_PATH),
                passphrase: process.env.CLIENT_CERTIFICATE_PASSPHRASE
            }).export({ type: "pkcs8", format: "pem" }).toString()
        }
    },
    authRoutes: {
        redirect: "/redirect",
        unauthorized: "/unauthorized"
    },
};

module.exports = appSettings;
