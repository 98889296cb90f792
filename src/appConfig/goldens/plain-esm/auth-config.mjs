import 'dotenv/config';

export const msalConfig = {
  auth: {
    clientId: process.env.CLIENT_ID,
    authority: process.env.CLOUD_INSTANCE + process.env.TENANT_ID,
    clientSecret: process.env.CLIENT_SECRET,
  },
};
