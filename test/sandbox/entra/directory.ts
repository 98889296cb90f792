/** What the sandbox's Entra knows: tenants, users, application registrations and their credentials. */
import { createHash, randomUUID, X509Certificate } from 'node:crypto';
import { thumbprint } from '../pki/certificates.ts';

export interface Tenant {
  readonly id: string;
  /** `external`: an External ID tenant, whose issuer names the tenant by its id (`https://{id}.ciamlogin.com/{id}/v2.0`). */
  readonly kind: 'workforce' | 'external';
  /** First domain, e.g. `contoso.onmicrosoft.com`. */
  readonly domain: string;
  readonly displayName: string;
}

export interface User {
  readonly id: string;
  readonly tenantId: string;
  /** Tenants that the user is a guest of. */
  readonly guestOf: readonly string[];
  readonly userPrincipalName: string;
  readonly displayName: string;
  /** Directory roles, e.g. `Application Administrator`. */
  readonly roles: readonly string[];
}

/** A registered certificate. Times are ISO 8601 without fractions. */
export interface KeyCredential {
  keyId: string;
  displayName: string | null;
  startDateTime: string;
  endDateTime: string;
  /** Base64 DER. */
  key: string;
  /** Upper-case hex SHA-1 of the DER. */
  customKeyIdentifier: string | null;
  type: string;
  usage: string;
  /** When the token endpoint knows it, in milliseconds. */
  usableFrom: number;
}

/** A registered secret. Only its hash is kept. */
export interface PasswordCredential {
  keyId: string;
  displayName: string | null;
  startDateTime: string;
  endDateTime: string;
  hint: string;
  customKeyIdentifier: null;
  secretHash: string;
  usableFrom: number;
}

export interface Application {
  /** Object id. */
  readonly id: string;
  readonly appId: string;
  readonly tenantId: string;
  displayName: string;
  readonly signInAudience: string;
  readonly createdDateTime: string;
  readonly redirectUris: readonly string[];
  /** Object ids of the owning users. */
  readonly owners: readonly string[];
  /** Object id of the service principal in its own tenant; empty: nobody has made it. */
  readonly servicePrincipalId: string;
  /** Application permissions that an administrator consented to, e.g. `Application.ReadWrite.OwnedBy`. */
  readonly appRoles: readonly string[];
  tokenEncryptionKeyId: string | null;
  keyCredentials: KeyCredential[];
  passwordCredentials: PasswordCredential[];
}

export interface Directory {
  readonly tenants: Tenant[];
  readonly users: User[];
  readonly applications: Application[];
}

export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** ISO 8601 in UTC without fractions, as Graph writes it. */
export const isoSeconds = (milliseconds: number): string =>
  new Date(Math.floor(milliseconds / 1000) * 1000).toISOString().replace('.000', '');

/** A registered certificate with what the service fills in by itself. */
export function keyCredentialOf(der: Uint8Array, usableFrom = 0): KeyCredential {
  const certificate = new X509Certificate(der);
  return {
    keyId: randomUUID(),
    displayName: subjectText(certificate),
    startDateTime: isoSeconds(certificate.validFromDate.getTime()),
    endDateTime: isoSeconds(certificate.validToDate.getTime()),
    key: Buffer.from(der).toString('base64'),
    customKeyIdentifier: thumbprint(der, 'sha1'),
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
    usableFrom,
  };
}

/** The subject as Windows writes it: most specific first, on one line. */
export const subjectText = (certificate: X509Certificate): string =>
  // Node has none where the certificate names nobody, whatever its types say.
  ((certificate.subject as string | undefined) ?? '').split('\n').reverse().join(', ');

/** A secret's entry; the value itself is not kept. */
export function passwordCredentialOf(
  secret: string,
  dates: { start: number; end: number; displayName?: string | null; usableFrom?: number },
): PasswordCredential {
  return {
    keyId: randomUUID(),
    displayName: dates.displayName ?? null,
    startDateTime: isoSeconds(dates.start),
    endDateTime: isoSeconds(dates.end),
    hint: secret.slice(0, 3),
    customKeyIdentifier: null,
    secretHash: hashSecret(secret),
    usableFrom: dates.usableFrom ?? 0,
  };
}

/** The tenant by id, domain or the first label of its domain; undefined when there is none. */
export function findTenant(directory: Directory, name: string): Tenant | undefined {
  const wanted = name.toLowerCase();
  return directory.tenants.find(
    ({ id, domain }) => id === wanted || domain === wanted || domain.split('.')[0] === wanted,
  );
}
