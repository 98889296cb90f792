import * as msal from '@azure/msal-node';

export const client = new msal.ConfidentialClientApplication({
  auth: {
    clientId: process.env.CLIENT_ID || 'none',
    authority: 'https://login.microsoftonline.com/common',
    clientSecret: process.env.CLIENT_SECRET || 'not-set',
  },
});
