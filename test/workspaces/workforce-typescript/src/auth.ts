import 'dotenv/config';
import { ConfidentialClientApplication, type Configuration } from '@azure/msal-node';

const config: Configuration = {
  auth: {
    clientId: process.env.AZURE_CLIENT_ID!,
    authority: process.env.AZURE_AUTHORITY,
    knownAuthorities: process.env.KNOWN_AUTHORITY ? [process.env.KNOWN_AUTHORITY] : [],
    clientSecret: process.env.AZURE_CLIENT_SECRET,
  },
};

export const client = new ConfidentialClientApplication(config);
