import { ConfidentialClientApplication } from 'npm:@azure/msal-node@2.16.3';

export const client = new ConfidentialClientApplication({
  auth: {
    clientId: Deno.env.get('CLIENT_ID')!,
    clientSecret: Deno.env.get('CLIENT_SECRET')!,
  },
});
