import { ConfidentialClientApplication, NodeAuthOptions } from '@azure/msal-node';

const auth: NodeAuthOptions = {
  clientId: process.env.CLIENT_ID!,
  clientSecret: process.env.CLIENT_SECRET!,
};

export const client = new ConfidentialClientApplication({ auth });
