/** Graph's JSON of app registrations, read with care: fields can be missing or null. */
import { createHash } from 'node:crypto';
import { objectsIn } from '../arm/client.ts';
import type { Json } from './graph.ts';
import type { RegisteredCertificate, RegisteredSecret, Registration, RegistrationSummary } from './types.ts';

export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function time(value: unknown): number | undefined {
  const at = Date.parse(text(value) ?? '');
  return Number.isNaN(at) ? undefined : at;
}

/** The fields that have a value. */
function known<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

export function summaryOf(json: Json, tenant: string): RegistrationSummary {
  return {
    tenant,
    appId: text(json.appId) ?? '',
    objectId: text(json.id) ?? '',
    displayName: text(json.displayName) ?? '',
    ...known({ created: time(json.createdDateTime) }),
  };
}

export function registrationOf(json: Json, tenant: string): Registration {
  return {
    ...summaryOf(json, tenant),
    ...known({
      signInAudience: text(json.signInAudience),
      tokenEncryptionKeyId: text(json.tokenEncryptionKeyId)?.toLowerCase(),
    }),
    certificates: objectsIn(json.keyCredentials).map(certificateOf),
    secrets: objectsIn(json.passwordCredentials).map(secretOf),
  };
}

export const hexOf = (algorithm: 'sha256' | 'sha1', bytes: Uint8Array): string =>
  createHash(algorithm).update(bytes).digest('hex').toUpperCase();

function certificateOf(json: Json): RegisteredCertificate {
  const key = text(json.key);
  const der = key === undefined ? undefined : new Uint8Array(Buffer.from(key, 'base64'));
  return {
    keyId: text(json.keyId)?.toLowerCase() ?? '',
    usage: text(json.usage) ?? '',
    type: text(json.type) ?? '',
    ...known({
      displayName: text(json.displayName),
      thumbprintSha256: der && hexOf('sha256', der),
      thumbprintSha1: der === undefined ? sha1Of(text(json.customKeyIdentifier)) : hexOf('sha1', der),
      notBefore: time(json.startDateTime),
      expires: time(json.endDateTime),
      certificateDer: der,
    }),
  };
}

/** Graph fills in the SHA-1 thumbprint as hex; older entries have it in base64 (facts/graph.md 3.1). */
function sha1Of(identifier: string | undefined): string | undefined {
  if (identifier === undefined) return undefined;
  if (/^[0-9a-f]{40}$/i.test(identifier)) return identifier.toUpperCase();
  const bytes = Buffer.from(identifier, 'base64');
  return bytes.length === 20 ? bytes.toString('hex').toUpperCase() : undefined;
}

function secretOf(json: Json): RegisteredSecret {
  return {
    keyId: text(json.keyId)?.toLowerCase() ?? '',
    ...known({
      displayName: text(json.displayName),
      hint: text(json.hint),
      notBefore: time(json.startDateTime),
      expires: time(json.endDateTime),
    }),
  };
}

/** Whether a credential can authenticate at `now`, as far as dates and usage tell. */
export function isWorking(credential: RegisteredCertificate | RegisteredSecret, now: number): boolean {
  const inTime = (credential.notBefore ?? -Infinity) <= now && (credential.expires ?? Infinity) > now;
  return inTime && (!('usage' in credential) || credential.usage === 'Verify');
}
