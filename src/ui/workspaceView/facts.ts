/** What is known of an app: its code, its setup, its app registration and its vault, as far as each could be looked at. */
import type { CredentialKind, KeyFrom } from '../../appConfig/types.ts';
import type { Finding } from '../../diagnosis/types.ts';
import type { JournalProof, SetupState } from '../../setup/index.ts';

/** A certificate by what tells it from others. Times in ms since the epoch. */
export interface CertificateFact {
  /** Upper-case hex. */
  readonly thumbprintSha256?: string;
  /** Upper-case hex. */
  readonly thumbprintSha1?: string;
  /** SHA-256 of the public key (SPKI), upper-case hex: the same for certificates that share a key. */
  readonly publicKey?: string;
  readonly notBefore?: number;
  readonly expires?: number;
  /** For people: subject, or the description in the app registration. */
  readonly name?: string;
}

/** The app registration as it answered. */
export interface RegistrationFact {
  readonly name: string;
  /** Those that can sign in. */
  readonly certificates: readonly CertificateFact[];
  readonly secrets: readonly { readonly name?: string; readonly expires?: number }[];
}

/** A certificate of a vault, by version. */
export interface VaultVersionFact extends CertificateFact {
  readonly version?: string;
}

/** The vault as it answered. */
export interface VaultFact {
  readonly newest: VaultVersionFact;
  /** The version that the app uses. */
  readonly used?: VaultVersionFact;
}

/** Something that was asked over the network, or why not. */
export type Asked<T> =
  { readonly status: 'notAsked' } | { readonly status: 'asked'; readonly at: number; readonly value: T } | Failed;

/** Why nobody could be asked. */
export interface Failed {
  readonly status: 'failed';
  readonly at: number;
  readonly code: string;
  readonly message: string;
}

/** The certificate of a vault that the code names. */
export interface VaultName {
  readonly origin: string;
  readonly certificate: string;
  /** 32 hex digits, or `latest`. */
  readonly version: string;
}

/** All that is known on this machine of one app config. Holds no secret. */
export interface LocalFacts {
  /** Absolute path. */
  readonly file: string;
  /** As the user knows it. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly credential: CredentialKind;
  readonly keyFrom?: KeyFrom;
  readonly clientId?: string;
  /** Id or domain; absent where the authority names no single tenant. */
  readonly tenant?: string;
  /** The certificate that the code names. */
  readonly certificate?: CertificateFact;
  readonly vault?: VaultName;
  /** Certificates whose private key, or whose setup, is on this machine. */
  readonly held: readonly CertificateFact[];
  /** Gravest first. */
  readonly findings: readonly Finding[];
  readonly setup: SetupState;
  /** Newest first. */
  readonly proofs: readonly JournalProof[];
}

export interface AppFacts extends LocalFacts {
  readonly registration: Asked<RegistrationFact>;
  readonly inVault: Asked<VaultFact>;
  /** What went wrong when they were last asked; an answer of before is kept. */
  readonly failures: Failures;
}

export interface Failures {
  readonly registration?: Failed;
  readonly vault?: Failed;
}

/** The same certificate: by SHA-256 where both are known by it, else by SHA-1. */
export function isSame(a: CertificateFact, b: CertificateFact): boolean {
  if (a.thumbprintSha256 !== undefined && b.thumbprintSha256 !== undefined) {
    return a.thumbprintSha256 === b.thumbprintSha256;
  }
  return a.thumbprintSha1 !== undefined && a.thumbprintSha1 === b.thumbprintSha1;
}
