import { Configuration } from '@azure/msal-node';
export const config: Configuration = {
  auth: { clientId: process.env.ID!, clientSecret: process.env.SECRET!, authority: process.env.AUTHORITY! },
};
