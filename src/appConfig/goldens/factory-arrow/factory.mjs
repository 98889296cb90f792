import msal from '@azure/msal-node';

const makeConfig = (env) => ({
  auth: {
    clientId: process.env.CLIENT_ID,
    authority: process.env.AUTHORITY,
    clientSecret: process.env.CLIENT_SECRET,
  },
});

export const client = new msal.ConfidentialClientApplication(makeConfig());
