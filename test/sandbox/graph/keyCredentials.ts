/** Registered certificates: what PATCH makes of `keyCredentials`, which it replaces as a whole (facts/graph.md 3.2). */
import { X509Certificate } from 'node:crypto';
import { isSelfIssued } from '../pki/read.ts';
import { isoSeconds, keyCredentialOf } from '../entra/directory.ts';
import type { Application, KeyCredential } from '../entra/directory.ts';
import { isRecord, text } from '../http/exchange.ts';
import { thumbprint } from '../pki/certificates.ts';
import { graphErrors } from './errors.ts';
import type { AppManagementPolicy } from './settings.ts';

export interface KeyRules {
  /** Milliseconds. */
  readonly now: number;
  readonly usableFrom: number;
  readonly policy: AppManagementPolicy;
}

/** The collection after a PATCH; nothing is changed when it throws GraphError 400. */
export function replacedKeys(application: Application, given: unknown, rules: KeyRules): KeyCredential[] {
  if (!Array.isArray(given)) throw graphErrors.badBody('keyCredentials must be a collection.');
  return given.filter(isRecord).map((entry) => {
    const keyId = text(entry.keyId)?.toLowerCase();
    const existing = application.keyCredentials.find((one) => one.keyId === keyId);
    return existing === undefined ? newKey(entry, rules) : keptKey(entry, existing);
  });
}

/** An existing entry is kept by its key id with `key: null`; nothing about it can be changed. */
function keptKey(entry: Record<string, unknown>, existing: KeyCredential): KeyCredential {
  if (text(entry.usage) !== 'Verify' && text(entry.usage) !== 'Sign') throw graphErrors.badUsage();
  if (text(entry.type) === undefined) throw graphErrors.badType();
  const sameDate = (given: unknown, known: string): boolean =>
    given === undefined || given === null || Date.parse(text(given) ?? '') === Date.parse(known);
  const changed =
    (entry.key !== null && entry.key !== undefined) ||
    !sameDate(entry.startDateTime, existing.startDateTime) ||
    !sameDate(entry.endDateTime, existing.endDateTime);
  if (changed) throw graphErrors.keyNotUpdatable(existing.keyId);
  return existing;
}

/** A new entry: a certificate, never a private key, with dates within its own. */
export function newKey(entry: Record<string, unknown>, rules: KeyRules): KeyCredential {
  const usage = text(entry.usage);
  const type = text(entry.type);
  if (usage !== 'Verify' && usage !== 'Sign') throw graphErrors.badUsage();
  if (type !== 'AsymmetricX509Cert' && type !== 'X509CertAndPassword') throw graphErrors.badType();
  const der = Buffer.from(text(entry.key) ?? '', 'base64');
  const certificate = readCertificate(der);
  const start = dateOf(entry.startDateTime, certificate.validFromDate, graphErrors.invalidStartDate);
  const end = dateOf(entry.endDateTime, certificate.validToDate, graphErrors.invalidEndDate);
  if (start < certificate.validFromDate.getTime()) throw graphErrors.invalidStartDate();
  if (end > certificate.validToDate.getTime() || end <= start || end <= rules.now) throw graphErrors.invalidEndDate();
  assertPolicyAllows(der, { start, end }, rules.policy);
  const made = keyCredentialOf(der, rules.usableFrom);
  const keyId = text(entry.keyId)?.toLowerCase();
  return {
    ...made,
    keyId: keyId !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(keyId) ? keyId : made.keyId,
    displayName: text(entry.displayName) ?? made.displayName,
    startDateTime: isoSeconds(start),
    endDateTime: isoSeconds(end),
    type,
    usage,
  };
}

/** Reads a certificate that is exactly one DER; anything else, a PFX or a PEM of a key too, is refused. */
function readCertificate(der: Buffer): X509Certificate {
  try {
    const certificate = new X509Certificate(der);
    if (certificate.raw.equals(der)) return certificate;
  } catch {
    // The same refusal as for what follows.
  }
  throw graphErrors.invalidKeyValue();
}

function dateOf(given: unknown, fallback: Date, refuse: () => Error): number {
  if (given === undefined || given === null) return fallback.getTime();
  const time = Date.parse(text(given) ?? '');
  if (Number.isNaN(time)) throw refuse();
  return time;
}

function assertPolicyAllows(der: Buffer, dates: { start: number; end: number }, policy: AppManagementPolicy): void {
  if (policy.certificatesBlocked === true) throw graphErrors.typeNotAllowedByPolicy();
  const days = policy.certificateLifetimeDays;
  if (days !== undefined && dates.end - dates.start > days * 86_400_000) throw graphErrors.lifetimeExceedsPolicy(days);
  if (policy.trustedAuthorities !== undefined) {
    // The issuers themselves are not sent; the sandbox knows trusted ones by the thumbprint of a self-issued one only.
    if (isSelfIssued(der) && !policy.trustedAuthorities.includes(thumbprint(der, 'sha1')))
      throw graphErrors.authorityNotTrusted();
  }
}
