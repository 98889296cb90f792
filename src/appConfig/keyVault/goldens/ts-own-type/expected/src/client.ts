import { ConfidentialClientApplication } from '@azure/msal-node';
import { clientCertificateFetched, fetchClientCertificate } from './keyVaultCertificate';

interface Settings {
  auth: { clientId: string; clientCertificate: { thumbprintSha256: string; privateKey: string } };
}

const settings: Settings = {
  auth: { clientId: process.env.CLIENT_ID ?? '', clientCertificate: fetchClientCertificate() },
};

export async function token(): Promise<void> {
  await clientCertificateFetched();
  await new ConfidentialClientApplication(settings).acquireTokenByClientCredential({ scopes: [] });
}
