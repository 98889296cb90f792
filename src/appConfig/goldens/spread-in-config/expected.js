import { ConfidentialClientApplication } from '@azure/msal-node';
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

const msalConfig = {
  auth: {
    clientId: process.env.CLIENT_ID,
    clientCertificate: {
      thumbprintSha256: process.env.CLIENT_CERTIFICATE_THUMBPRINT,
      privateKey: createPrivateKey({
        key: readFileSync(process.env.CLIENT_CERTIFICATE_KEY_PATH),
        passphrase: process.env.CLIENT_CERTIFICATE_PASSPHRASE,
      }).export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
  },
};

export const client = new ConfidentialClientApplication({ ...msalConfig, cache: {} });
