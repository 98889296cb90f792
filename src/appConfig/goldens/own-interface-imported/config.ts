import type { MsalSettings } from './types';

export const msalConfig: MsalSettings = {
  auth: {
    clientId: process.env.CLIENT_ID!,
    authority: process.env.AUTHORITY!,
    clientSecret: process.env.CLIENT_SECRET!,
  },
};
