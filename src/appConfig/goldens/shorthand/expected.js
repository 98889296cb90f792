import { ConfidentialClientApplication } from "@azure/msal-node";
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";

const clientId = process.env.CLIENT_ID;
const clientSecret = process.env.CLIENT_SECRET;
const tenant = process.env.TENANT_ID || "common";

if (!clientSecret) {
  throw new Error("CLIENT_SECRET is missing");
}

export const client = new ConfidentialClientApplication({
  auth: {
    clientId,
    clientCertificate: {
      thumbprintSha256: process.env.CLIENT_CERTIFICATE_THUMBPRINT,
      privateKey: createPrivateKey({
        key: readFileSync(process.env.CLIENT_CERTIFICATE_KEY_PATH),
        passphrase: process.env.CLIENT_CERTIFICATE_PASSPHRASE,
      }).export({ type: "pkcs8", format: "pem" }).toString(),
    },
    authority: `https://login.microsoftonline.com/${tenant}`,
  },
});
