import { Configuration, LogLevel } from "@azure/msal-node";
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";

const msalConfig: Configuration = {
  auth: {
    clientId: process.env.AZURE_CLIENT_ID || "",
    authority: `https://login.microsoftonline.com/${process.env.AZURE_TENANT_ID}`,
    clientCertificate: {
      thumbprintSha256: process.env.CLIENT_CERTIFICATE_THUMBPRINT!,
      privateKey: createPrivateKey({
        key: readFileSync(process.env.CLIENT_CERTIFICATE_KEY_PATH!),
        passphrase: process.env.CLIENT_CERTIFICATE_PASSPHRASE,
      }).export({ type: "pkcs8", format: "pem" }).toString(),
    },
  },
  system: { loggerOptions: { logLevel: LogLevel.Info } },
};

export default msalConfig;
