import dotenv from 'dotenv';
import { ConfidentialClientApplication } from '@azure/msal-node';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
dotenv.config();

export const client = new ConfidentialClientApplication({
  auth: {
    clientId: process.env.CLIENT_ID,
    clientCertificate: {
      thumbprintSha256: process.env.CLIENT_CERTIFICATE_THUMBPRINT,
      privateKey: readFileSync(resolve(fileURLToPath(new URL('..', import.meta.url)), process.env.CLIENT_CERTIFICATE_KEY_PATH), 'utf8'),
    },
  },
});
