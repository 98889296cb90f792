import 'dotenv/config';
import { getClientCertificate } from './keyVaultCertificate.js';

export const msalConfig = {
  auth: {
    clientId: process.env.CLIENT_ID,
    clientCertificate: await getClientCertificate(),
  },
};
