/** App configs and certificates for suites that look at them in the editor. */
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A certificate with its key under `certs/` of the app. @param days of validity. Returns its SHA-256 thumbprint. */
export function makeCertificate(app: string, name: string, days: number): string {
  const folder = path.join(app, 'certs');
  mkdirSync(folder, { recursive: true });
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', String(days), '-subj', `/CN=${name}`],
      ...['-keyout', path.join(folder, `${name}.key`), '-out', path.join(folder, `${name}.crt`)],
    ],
    { stdio: 'ignore' },
  );
  return new X509Certificate(readFileSync(path.join(folder, `${name}.crt`))).fingerprint256.replaceAll(':', '');
}

/** A module with one app config. @param credential its property, e.g. `clientSecret: 'x',` */
export function configWith(credential: string): string {
  return `import { readFileSync } from 'node:fs';
import { ConfidentialClientApplication } from '@azure/msal-node';

export const client = new ConfidentialClientApplication({
  auth: {
    clientId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    authority: 'https://login.microsoftonline.com/7c9e6679-7425-40de-944b-e07fc1f90ae8',
    ${credential}
  },
});
`;
}

/** The same with a certificate of {@link makeCertificate}. */
export function configWithCertificate(name: string, thumbprint: string): string {
  return configWith(`clientCertificate: {
      thumbprintSha256: '${thumbprint}',
      privateKey: readFileSync('certs/${name}.key', 'utf8'),
    },`);
}
