import fs from 'fs';
import * as nodeCrypto from "node:crypto";
import { ConfidentialClientApplication } from '@azure/msal-node';

const version = JSON.parse(fs.readFileSync('package.json', 'utf8')).version;

export const client = new ConfidentialClientApplication({
  auth: {
    clientId: process.env.CLIENT_ID,
    clientCertificate: {
      thumbprintSha256: process.env.CLIENT_CERTIFICATE_THUMBPRINT,
      privateKey: nodeCrypto.createPrivateKey({
        key: fs.readFileSync(process.env.CLIENT_CERTIFICATE_KEY_PATH),
        passphrase: process.env.CLIENT_CERTIFICATE_PASSPHRASE,
      }).export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
  },
});
