import 'dotenv/config';
import { getClientCertificate } from './keyVaultCertificate.js';

export const msalConfig = {
  auth: {
    clientId: process.env.AZURE_CLIENT_ID,
    clientCertificate: await getClientCertificate(),
  },
};
