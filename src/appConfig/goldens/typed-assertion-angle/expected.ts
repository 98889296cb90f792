import * as msal from '@azure/msal-node';
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

export const client = new msal.ConfidentialClientApplication({
  auth: {
    clientId: <string>process.env.CLIENT_ID,
    clientCertificate: {
      thumbprintSha256: <string>process.env.CLIENT_CERTIFICATE_THUMBPRINT,
      privateKey: createPrivateKey({
        key: readFileSync(<string>process.env.CLIENT_CERTIFICATE_KEY_PATH),
        passphrase: <string>process.env.CLIENT_CERTIFICATE_PASSPHRASE,
      }).export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
  },
});
