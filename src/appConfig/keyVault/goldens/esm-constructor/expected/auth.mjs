import dotenv from 'dotenv';
import { ConfidentialClientApplication } from '@azure/msal-node';
import { getClientCertificate } from './keyVaultCertificate.mjs';

dotenv.config();

const clientCertificate = await getClientCertificate();

/** Signs in. */
export class Auth {
  constructor() {
    this.client = new ConfidentialClientApplication({
      auth: { clientId: process.env.CLIENT_ID, clientCertificate: clientCertificate },
    });
  }
}
