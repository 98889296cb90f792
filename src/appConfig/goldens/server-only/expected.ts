import "server-only";
import { ConfidentialClientApplication } from "@azure/msal-node";
import 'fs';
import { createPrivateKey } from "crypto";
import { readFileSync } from "fs";

export const client = new ConfidentialClientApplication({
  auth: {
    clientId: process.env.AZURE_CLIENT_ID!,
    clientCertificate: {
      thumbprintSha256: process.env.CLIENT_CERTIFICATE_THUMBPRINT!,
      privateKey: createPrivateKey({
        key: readFileSync(process.env.CLIENT_CERTIFICATE_KEY_PATH!),
        passphrase: process.env.CLIENT_CERTIFICATE_PASSPHRASE!,
      }).export({ type: "pkcs8", format: "pem" }).toString(),
    },
  },
});
