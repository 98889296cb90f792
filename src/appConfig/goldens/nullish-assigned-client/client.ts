import { ConfidentialClientApplication } from '@azure/msal-node';

let client: ConfidentialClientApplication | undefined;

export const getClient = () =>
  (client ??= new ConfidentialClientApplication({
    auth: {
      clientId: process.env.CLIENT_ID!,
      clientSecret: process.env.CLIENT_SECRET!,
    },
  }));
