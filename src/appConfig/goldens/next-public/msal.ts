import { ConfidentialClientApplication } from '@azure/msal-node';

export const client = new ConfidentialClientApplication({
  auth: {
    clientId: process.env.NEXT_PUBLIC_CLIENT_ID!,
    clientSecret: process.env.NEXT_PUBLIC_CLIENT_SECRET!,
  },
});
