import { ConfidentialClientApplication, type Configuration } from '@azure/msal-node';
import { log } from './log';

const config: Configuration = {
  auth: {
    clientId: process.env.CLIENT_ID!,
    clientSecret: process.env.CLIENT_SECRET!,
  },
};

export const client = new ConfidentialClientApplication(config);
log('made');
