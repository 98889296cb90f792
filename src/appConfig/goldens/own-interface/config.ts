interface IMsalConfig {
  auth: {
    clientId: string;
    authority: string;
    clientSecret: string;
  };
}

export const msalConfig: IMsalConfig = {
  auth: {
    clientId: process.env.CLIENT_ID!,
    authority: process.env.AUTHORITY!,
    clientSecret: process.env.CLIENT_SECRET!,
  },
};
