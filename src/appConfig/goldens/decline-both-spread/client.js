import { ConfidentialClientApplication } from '@azure/msal-node';

export const client = new ConfidentialClientApplication({
  auth: {
    clientId: process.env.CLIENT_ID,
    ...(process.env.CERT_KEY
      ? { clientCertificate: { thumbprint: process.env.CERT_THUMB, privateKey: process.env.CERT_KEY } }
      : { clientSecret: process.env.CLIENT_SECRET }),
  },
});
