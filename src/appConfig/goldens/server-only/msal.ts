import "server-only";
import { ConfidentialClientApplication } from "@azure/msal-node";
import 'fs';

export const client = new ConfidentialClientApplication({
  auth: {
    clientId: process.env.AZURE_CLIENT_ID!,
    clientSecret: process.env.AZURE_CLIENT_SECRET!,
  },
});
