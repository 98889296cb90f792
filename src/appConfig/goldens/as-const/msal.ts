export const msalConfig = {
  auth: {
    clientId: process.env.CLIENT_ID!,
    authority: 'https://login.microsoftonline.com/organizations',
    clientSecret: process.env.CLIENT_SECRET!,
  },
} as const;
