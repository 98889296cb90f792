import { ConfidentialClientApplication } from "@azure/msal-node";

const clientId = process.env.CLIENT_ID;
const clientSecret = process.env.CLIENT_SECRET;
const tenant = process.env.TENANT_ID || "common";

if (!clientSecret) {
  throw new Error("CLIENT_SECRET is missing");
}

export const client = new ConfidentialClientApplication({
  auth: {
    clientId,
    clientSecret,
    authority: `https://login.microsoftonline.com/${tenant}`,
  },
});
