import { ConfidentialClientApplication } from '@azure/msal-node';

export const client = new ConfidentialClientApplication({
  auth: {
    clientId: process.env.CLIENT_ID,
    ...(process.env.CLIENT_SECRET && { clientSecret: process.env.CLIENT_SECRET }),
  },
});
