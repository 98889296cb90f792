import { Configuration } from '@azure/msal-node';

export function createMsalConfig(): Configuration {
  return {
    auth: {
      clientId: process.env.CLIENT_ID!,
      authority: process.env.AUTHORITY!,
      clientSecret: process.env.CLIENT_SECRET!,
    },
  };
}
