import { ConfidentialClientApplication } from '@azure/msal-node';

const useCertificate = process.env.USE_CERT === 'true';
export const client = new ConfidentialClientApplication({
  auth: {
    clientId: process.env.CLIENT_ID!,
    clientSecret: useCertificate ? undefined : process.env.CLIENT_SECRET,
    clientCertificate: useCertificate ? { thumbprint: process.env.THUMB!, privateKey: process.env.KEY! } : undefined,
  },
});
