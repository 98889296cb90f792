import { ConfidentialClientApplication, type Configuration } from '@azure/msal-node';
import { log } from './log';
import { clientCertificateFetched, fetchClientCertificate } from './keyVaultCertificate';

const config: Configuration = {
  auth: {
    clientId: process.env.CLIENT_ID!,
    clientCertificate: fetchClientCertificate(),
  },
};

export let client: ConfidentialClientApplication;
export const clientReady = clientCertificateFetched().then(() => (client = new ConfidentialClientApplication(config)));
log('made');
