import { ConfidentialClientApplication } from '@azure/msal-node';

export default defineEventHandler(() => {
  const config = useRuntimeConfig();
  return new ConfidentialClientApplication({
    auth: {
      clientId: config.clientId,
      clientSecret: config.clientSecret,
    },
  });
});
