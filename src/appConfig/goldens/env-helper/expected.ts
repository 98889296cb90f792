import { ConfidentialClientApplication } from '@azure/msal-node';
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

function requireEnv(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

export const client = new ConfidentialClientApplication({
  auth: {
    clientId: requireEnv('CLIENT_ID'),
    clientCertificate: {
      thumbprintSha256: requireEnv('CLIENT_CERTIFICATE_THUMBPRINT'),
      privateKey: createPrivateKey({
        key: readFileSync(requireEnv('CLIENT_CERTIFICATE_KEY_PATH')),
        passphrase: requireEnv('CLIENT_CERTIFICATE_PASSPHRASE'),
      }).export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
  },
});
