import * as msal from '@azure/msal-node';

export const client = new msal.ConfidentialClientApplication({
  auth: {
    clientId: <string>process.env.CLIENT_ID,
    clientSecret: <string>process.env.CLIENT_SECRET,
  },
});
