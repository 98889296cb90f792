import { ConfidentialClientApplication } from 'npm:@azure/msal-node@2.16.3';
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

export const client = new ConfidentialClientApplication({
  auth: {
    clientId: Deno.env.get('CLIENT_ID')!,
    clientCertificate: {
      thumbprintSha256: Deno.env.get('CLIENT_CERTIFICATE_THUMBPRINT')!,
      privateKey: createPrivateKey({
        key: readFileSync(Deno.env.get('CLIENT_CERTIFICATE_KEY_PATH')!),
        passphrase: Deno.env.get('CLIENT_CERTIFICATE_PASSPHRASE')!,
      }).export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
  },
});
