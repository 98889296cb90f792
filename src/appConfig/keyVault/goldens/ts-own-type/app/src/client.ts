import { ConfidentialClientApplication } from '@azure/msal-node';

interface Settings {
  auth: { clientId: string; clientSecret: string };
}

const settings: Settings = {
  auth: { clientId: process.env.CLIENT_ID ?? '', clientSecret: process.env.CLIENT_SECRET ?? '' },
};

export async function token(): Promise<void> {
  await new ConfidentialClientApplication(settings).acquireTokenByClientCredential({ scopes: [] });
}
