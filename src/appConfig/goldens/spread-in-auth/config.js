import { ConfidentialClientApplication } from '@azure/msal-node';
import { baseAuth } from './base.js';

export const client = new ConfidentialClientApplication({
  auth: {
    ...baseAuth,
    clientSecret: process.env.CLIENT_SECRET,
  },
});
