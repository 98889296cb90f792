import * as msal from '@azure/msal-node';
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

export const config: msal.Configuration = {
    auth: {
        clientId: process.env.CLIENT_ID as string,
        authority: process.env.AUTHORITY as string,
        clientCertificate: {
            thumbprint: process.env.CLIENT_CERTIFICATE_THUMBPRINT as string,
            privateKey: createPrivateKey({
                key: readFileSync(process.env.CLIENT_CERTIFICATE_KEY_PATH as string),
                passphrase: process.env.CLIENT_CERTIFICATE_PASSPHRASE as string
            }).export({ type: 'pkcs8', format: 'pem' }).toString()
        }
    }
};
