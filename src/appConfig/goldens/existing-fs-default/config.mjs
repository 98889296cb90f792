import fs from 'fs';
import * as nodeCrypto from "node:crypto";
import { ConfidentialClientApplication } from '@azure/msal-node';

const version = JSON.parse(fs.readFileSync('package.json', 'utf8')).version;

export const client = new ConfidentialClientApplication({
  auth: {
    clientId: process.env.CLIENT_ID,
    clientSecret: process.env.CLIENT_SECRET,
  },
});
