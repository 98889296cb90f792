require('dotenv').config();
const { createPrivateKey } = require('crypto');
const { readFileSync } = require('fs');

const TENANT_SUBDOMAIN = process.env.TENANT_SUBDOMAIN || 'Enter_the_Tenant_Subdomain_Here';
const REDIRECT_URI = process.env.REDIRECT_URI || 'http://localhost:3000/auth/redirect';

/**
 * Settings of the MSAL client.
 */
const msalConfig = {
    auth: {
        clientId: process.env.CLIENT_ID || 'Enter_the_Application_Id_Here', // application id of the registration
        authority: process.env.AUTHORITY || `https://${TENANT_SUBDOMAIN}.ciamlogin.com/`,
        clientCertificate: {
            thumbprintSha256: process.env.CLIENT_CERTIFICATE_THUMBPRINT,
            privateKey: createPrivateKey({
                key: readFileSync(process.env.CLIENT_CERTIFICATE_KEY_PATH),
                passphrase: process.env.CLIENT_CERTIFICATE_PASSPHRASE,
            }).export({ type: 'pkcs8', format: 'pem' }).toString(),
        },
    },
    system: {
        loggerOptions: {
            loggerCallback(level, message) {
                console.log(message);
            },
            piiLoggingEnabled: false,
            logLevel: 'Info',
        },
    },
};

module.exports = {
    msalConfig,
    REDIRECT_URI,
    TENANT_SUBDOMAIN,
};
