import { ConfidentialClientApplication } from '@azure/msal-node';

export function createClient(clientId: string, clientSecret: string) {
  return new ConfidentialClientApplication({
    auth: {
      clientId,
      clientSecret,
    },
  });
}
