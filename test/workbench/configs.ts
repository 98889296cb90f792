/** App configs and certificates for suites that look at them in the editor. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as certificates from '../../src/certificates/index.ts';

const day = 86_400_000;
/** Days that it has lived already: one that is new does not expire soon, however short its life. */
const age = 300;

/** A certificate with its key under `certs/` of the app. @param days that it still lives. Returns its SHA-256 thumbprint. */
export async function makeCertificate(app: string, name: string, days: number): Promise<string> {
  const folder = path.join(app, 'certs');
  await mkdir(folder, { recursive: true });
  const now = Date.now() - age * day;
  const made = await certificates.selfSigned({ subject: `CN=${name}`, validityDays: age + days, now });
  const key = await certificates.privateKeyPem(made.privateKeyPkcs8);
  await writeFile(path.join(folder, `${name}.key`), key, { mode: 0o600 });
  await writeFile(path.join(folder, `${name}.crt`), certificates.certificatePem(made.certificateDer));
  return made.description.thumbprintSha256 ?? '';
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
