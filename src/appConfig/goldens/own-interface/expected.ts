import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

interface IMsalConfig {
  auth: {
    clientId: string;
    authority: string;
    clientCertificate: { thumbprintSha256: string; privateKey: string };
  };
}

export const msalConfig: IMsalConfig = {
  auth: {
    clientId: process.env.CLIENT_ID!,
    authority: process.env.AUTHORITY!,
    clientCertificate: {
      thumbprintSha256: process.env.CLIENT_CERTIFICATE_THUMBPRINT!,
      privateKey: createPrivateKey({
        key: readFileSync(process.env.CLIENT_CERTIFICATE_KEY_PATH!),
        passphrase: process.env.CLIENT_CERTIFICATE_PASSPHRASE!,
      }).export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
  },
};
