import dotenv from 'dotenv';
import { ConfidentialClientApplication } from '@azure/msal-node';

dotenv.config();

/** Signs in. */
export class Auth {
  constructor() {
    this.client = new ConfidentialClientApplication({
      auth: { clientId: process.env.CLIENT_ID, clientSecret: process.env.CLIENT_SECRET },
    });
  }
}
