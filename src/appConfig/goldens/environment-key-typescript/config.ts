import { ConfidentialClientApplication, type Configuration } from '@azure/msal-node';

const config: Configuration = {
  auth: {
    clientId: process.env.CLIENT_ID!,
    authority: process.env.AUTHORITY,
    clientSecret: process.env.CLIENT_SECRET,
  },
};

export const client = new ConfidentialClientApplication(config);
