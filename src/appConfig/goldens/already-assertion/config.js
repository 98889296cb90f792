import { ConfidentialClientApplication } from '@azure/msal-node';
export const client = new ConfidentialClientApplication({
  auth: { clientId: process.env.CLIENT_ID, clientAssertion: async () => getAssertion() },
});
