import { ConfidentialClientApplication, type Configuration } from '@azure/msal-node';
import { log } from './log.js';
import { getClientCertificate } from './keyVaultCertificate.js';

const config: Configuration = {
  auth: {
    clientId: process.env.CLIENT_ID!,
    clientCertificate: await getClientCertificate(),
  },
};

export const client = new ConfidentialClientApplication(config);
log('made');
