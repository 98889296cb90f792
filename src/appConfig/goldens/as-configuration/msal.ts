import { Configuration } from '@azure/msal-node';

const settings = {
  auth: { clientId: process.env.CLIENT_ID, clientSecret: process.env.CLIENT_SECRET },
} as Configuration;
export default settings;
