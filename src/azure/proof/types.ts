/** Contract of the token proof: a token is really requested with a certificate, as the app would request it. */

export type AssertionAlgorithm = 'PS256' | 'RS256';

/**
 * Signs the bytes of a client assertion with the certificate's private key: RSASSA-PSS (SHA-256, salt 32) for PS256, PKCS#1 v1.5 with SHA-256 for RS256.
 * The key may be in memory or in a vault; it is nobody else's business.
 */
export type AssertionSigner = (
  input: Uint8Array,
  algorithm: AssertionAlgorithm,
  signal?: AbortSignal,
) => Promise<Uint8Array>;

export interface ProofRequest {
  /** As the config has it, e.g. `https://login.microsoftonline.com/{tenant}`; undefined: MSAL's default, `…/common`. */
  readonly authority?: string;
  /** Entries of `knownAuthorities`; `unknown` when they cannot be read. */
  readonly knownAuthorities?: readonly string[] | 'unknown';
  /** Home tenant (id or domain) of the registration, for `common`, `organizations` and `consumers`; else without meaning. */
  readonly homeTenant?: string;
  readonly clientId: string;
  /** Of the certificate, hex. What the assertion's header names is what the app would name. */
  readonly thumbprintSha256: string;
  readonly thumbprintSha1: string;
  /** The property that the app's code uses. */
  readonly thumbprintProperty: 'thumbprint' | 'thumbprintSha256';
  /** Exact version of the app's msal-node; undefined where it is not known. */
  readonly msalVersion?: string;
  /** The app signs in a `clientAssertion` callback of its own, in this way. Then msal-node's algorithm does not matter. */
  readonly algorithm?: AssertionAlgorithm;
  readonly sign: AssertionSigner;
  /** What the token is asked for; default Microsoft Graph of the authority's cloud, `…/.default`. */
  readonly scope?: string;
  /** How long to wait for the directory, in ms; default 3 minutes. 0 asks once. */
  readonly patience?: number;
  /** Successes in a row that count as proof; default 3. */
  readonly successes?: number;
  /**
   * Asked once, when the directory first says that it does not know the certificate: whether the registration lists it. False ends the proof at once,
   * since waiting would be in vain; undefined (nobody can tell) goes on.
   */
  readonly isRegistered?: () => Promise<boolean | undefined>;
  readonly onProgress?: (progress: ProofProgress) => void;
  readonly signal?: AbortSignal;
}

export interface ProofProgress {
  /** Requests that were answered so far. */
  readonly attempts: number;
  /** Successes in a row so far, and how many are wanted. */
  readonly successes: number;
  readonly wanted: number;
  /** Why the last request did not give a token: not yet known to the directory, or nobody answered. */
  readonly waitingFor?: 'replication' | 'service';
  /** Ms since the proof began, and ms until it gives up. */
  readonly elapsed: number;
  readonly left: number;
}

/** `not-replicated`: the directory did not get to know the certificate in time; `unreachable`: nobody answered; `refused`: an answer that waiting does not change. */
export type ProofFailureKind = 'refused' | 'not-replicated' | 'unreachable';

export interface ProofFailure {
  readonly kind: ProofFailureKind;
  /** `AADSTS700027`, or kebab-case for what was found before or without an answer. */
  readonly code: string;
  /** The service's own words, or ours; without any secret. */
  readonly text: string;
  /** Upper-case hex thumbprint that the server says it saw. */
  readonly seenThumbprint?: string;
}

export type ProofOutcome = {
  readonly algorithm: AssertionAlgorithm;
  readonly attempts: number;
  /** Where the token was asked for. */
  readonly tokenEndpoint?: string;
} & ({ readonly ok: true } | { readonly ok: false; readonly error: ProofFailure });

export interface Prover {
  /**
   * Requests tokens until several came in a row, or until it is certain or likely that none will. Refusals are an outcome, not a rejection.
   * Rejects with `proof-not-for-b2c`, `authority-not-usable`, `home-tenant-needed`, `graph-of-cloud-not-known` before any request, and with CancelledError.
   */
  prove(request: ProofRequest): Promise<ProofOutcome>;
  /**
   * Signs with a private key in memory.
   * @param privateKeyPkcs8 DER, unencrypted, RSA
   */
  localSigner(privateKeyPkcs8: Uint8Array): AssertionSigner;
}
