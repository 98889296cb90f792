import { ConfidentialClientApplication } from '@azure/msal-node';

function requireEnv(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

export const client = new ConfidentialClientApplication({
  auth: {
    clientId: requireEnv('CLIENT_ID'),
    clientSecret: requireEnv('CLIENT_SECRET'),
  },
});
