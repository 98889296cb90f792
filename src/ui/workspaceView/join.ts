/**
 * The three-way join: holds what the code names, what the app registration knows and what the vault has against each other, by SHA-256
 * (SHA-1 where only that is known). Pure; what could not be asked is absent, and then nothing is concluded from it.
 */
import type { Thresholds } from '../vaultTree/states.ts';
import { stateOf } from '../vaultTree/states.ts';
import { isSame } from './facts.ts';
import type { CertificateFact, RegistrationFact, VaultFact } from './facts.ts';

export interface JoinInput {
  /** The certificate that the code names. */
  readonly code?: CertificateFact;
  /** The app follows the newest version of its vault by itself. */
  readonly followsVault: boolean;
  /** The app takes its key from a vault. */
  readonly usesVault: boolean;
  /** Certificates that are accounted for: on this machine, in listed vaults, in other apps of the workspace. */
  readonly held: readonly CertificateFact[];
  readonly registration?: RegistrationFact & { readonly at: number };
  readonly vault?: VaultFact;
  /** When a token was last obtained with the code's certificate; ms since the epoch. */
  readonly provenAt?: number;
  readonly thresholds: Thresholds;
  /** Ms since the epoch. */
  readonly now: number;
}

/** Where code, app registration and vault do not agree. */
export type Drift =
  | { readonly code: 'not-registered' }
  | { readonly code: 'expired' | 'expiring'; readonly expires: number }
  | { readonly code: 'registered-without-key'; readonly certificate: CertificateFact }
  | { readonly code: 'vault-newer'; readonly version: string; readonly registered: boolean | undefined }
  | { readonly code: 'vault-ahead-of-registration'; readonly version: string }
  | { readonly code: 'key-reused'; readonly between: readonly [CertificateFact, CertificateFact] }
  | { readonly code: 'secret-alive'; readonly secrets: number };

export interface Joined {
  /** Whether the app registration has the code's certificate; undefined where nobody could be asked. */
  readonly registered: boolean | undefined;
  /** What is known of the code's certificate, wherever it was found. */
  readonly certificate?: CertificateFact;
  readonly drifts: readonly Drift[];
}

export function join(input: JoinInput): Joined {
  const { code, registration, vault, provenAt, now } = input;
  const certificate = complete(input);
  const listed = (one: CertificateFact) => registration?.certificates.some((each) => isSame(each, one));
  let registered = code === undefined || registration === undefined ? undefined : (listed(code) ?? false);
  // A token that was issued after the last look tells that somebody has uploaded it since.
  if (registered !== true && provenAt !== undefined && provenAt > (registration?.at ?? -Infinity)) registered = true;

  const drifts: Drift[] = [];
  if (registered === false) drifts.push({ code: 'not-registered' });
  drifts.push(...expiry(certificate, input));
  const { newest } = vault ?? {};
  const version = newest?.version ?? '';
  if (newest !== undefined && code !== undefined) {
    const isNewer = !isSame(newest, code) && (vault?.used === undefined || !isSame(newest, vault.used));
    const known = listed(newest);
    if (input.followsVault && known === false) drifts.push({ code: 'vault-ahead-of-registration', version });
    else if (isNewer && !input.followsVault) drifts.push({ code: 'vault-newer', version, registered: known });
  }
  const reused = reusedKey(certificate, input);
  if (reused !== undefined) drifts.push({ code: 'key-reused', between: reused });
  drifts.push(...withoutKey(input));
  const secrets = (registration?.secrets ?? []).filter(({ expires }) => (expires ?? Infinity) > now);
  if (provenAt !== undefined && secrets.length > 0) drifts.push({ code: 'secret-alive', secrets: secrets.length });
  return { registered, ...(certificate === undefined ? {} : { certificate }), drifts };
}

/** The code's certificate with what app registration and vault know of it. */
function complete({ code, registration, vault, held }: JoinInput): CertificateFact | undefined {
  if (code === undefined) return undefined;
  const others = [...held, vault?.used, vault?.newest, ...(registration?.certificates ?? [])];
  return others.reduce<CertificateFact>(
    (known, other) => (other !== undefined && isSame(code, other) ? { ...other, ...known } : known),
    code,
  );
}

function expiry(certificate: CertificateFact | undefined, { thresholds, now }: JoinInput): Drift[] {
  const { expires, notBefore } = certificate ?? {};
  if (expires === undefined) return [];
  const state = stateOf({ enabled: true, expires, ...(notBefore === undefined ? {} : { notBefore }) }, thresholds, now);
  if (state === 'expired') return [{ code: 'expired', expires }];
  return state === 'urgent' || state === 'expiring' ? [{ code: 'expiring', expires }] : [];
}

/** Two certificates of one key: a renewal that changed nothing for whoever has stolen the key. The code's or the newest is one of them. */
function reusedKey(
  certificate: CertificateFact | undefined,
  { vault, held, registration }: JoinInput,
): readonly [CertificateFact, CertificateFact] | undefined {
  const known = [certificate, vault?.newest, vault?.used, ...held, ...(registration?.certificates ?? [])];
  for (const ours of [vault?.newest, certificate]) {
    if (ours?.publicKey === undefined) continue;
    const other = known.find((one) => one !== undefined && one.publicKey === ours.publicKey && differs(one, ours));
    if (other !== undefined) return [ours, other];
  }
  return undefined;
}

/** Certainly another certificate, not one that is known by another thumbprint only. */
function differs(a: CertificateFact, b: CertificateFact): boolean {
  return a.thumbprintSha256 !== undefined && b.thumbprintSha256 !== undefined && !isSame(a, b);
}

/** Registered, not expired, and its key is nowhere that we know of. Silent while a vault that may have the key was not asked. */
function withoutKey({ code, held, vault, usesVault, registration, now }: JoinInput): Drift[] {
  if (registration === undefined || (usesVault && vault === undefined)) return [];
  const accounted = [code, vault?.newest, vault?.used, ...held].filter((one) => one !== undefined);
  return registration.certificates
    .filter((one) => (one.expires ?? Infinity) > now && !accounted.some((known) => isSame(known, one)))
    .map((certificate) => ({ code: 'registered-without-key', certificate }));
}
