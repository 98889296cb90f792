import * as msal from '@azure/msal-node';
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

export const client = new msal.ConfidentialClientApplication({
  auth: {
    clientId: process.env.CLIENT_ID || 'none',
    authority: 'https://login.microsoftonline.com/common',
    clientCertificate: {
      thumbprintSha256: process.env.CLIENT_CERTIFICATE_THUMBPRINT || '',
      privateKey: createPrivateKey({
        key: readFileSync(process.env.CLIENT_CERTIFICATE_KEY_PATH || ''),
        passphrase: process.env.CLIENT_CERTIFICATE_PASSPHRASE,
      }).export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
  },
});
