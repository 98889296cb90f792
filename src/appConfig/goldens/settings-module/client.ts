import { ConfidentialClientApplication } from '@azure/msal-node';
import { settings } from './settings';

export const client = new ConfidentialClientApplication({
  auth: {
    clientId: settings.azure.clientId,
    authority: settings.azure.authority,
    clientSecret: settings.azure.clientSecret,
  },
});
