import type { Configuration } from '@azure/msal-node';

export const config = {
  auth: {
    clientId: process.env.CLIENT_ID!,
    clientSecret: process.env.CLIENT_SECRET!,
  },
} satisfies Configuration;

console.log(config.auth.clientSecret.length);
