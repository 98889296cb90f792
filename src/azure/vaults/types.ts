/** Contract of the vaults: what is asked of one vault and what it answers. Times in ms since the epoch. */
import type { Vault, VaultCertificate } from '../types.ts';

/** What every call takes. */
export interface CallOptions {
  /** True only after a user's action: then signing in may ask. Default false. */
  readonly interactive?: boolean;
  /** Ends the call at once with CancelledError. */
  readonly signal?: AbortSignal;
}

/** The vaults of one cloud. Codes of all calls are in `src/azure/vaults/errors.ts`. */
export interface Vaults {
  /**
   * The client of a vault; one per origin is kept, so that signing in and the challenge are paid once.
   * @throws ExpectedError `vault-not-in-cloud` for an origin that must not get a token
   */
  open(vault: Vault): VaultClient;
  /** A vault by the name or address that a person typed. @throws ExpectedError `vault-name-invalid`, `vault-not-in-cloud` */
  fromInput(input: string): Vault;
  /** Forgets all clients and their tokens. */
  forget(): void;
  /** The whole of a policy, with what suits a client credential for whatever is left open; see {@link CreateRequest}. */
  completePolicy(policy: CreateRequest['policy']): VaultPolicy;
}

/** A key by the name and version of its certificate, which it shares. */
export interface SigningKey {
  readonly name: string;
  /** 32 hex digits. */
  readonly version: string;
}

/** A certificate of a vault; without a version the newest. */
export interface CertificateName {
  readonly name: string;
  readonly version?: string;
}

/**
 * Everything the guide does with one vault. All calls reject with ExpectedError whose message names reason and remedy
 * (a 403: the missing permission and the role that holds it), or CancelledError.
 */
export interface VaultClient {
  /** With its tenant, once the vault has answered. */
  readonly vault: Vault;
  /** Pages as the service gives them (25 or fewer, possibly empty); nothing is kept. Pending first creations included unless `pending` is false. */
  list(options?: CallOptions & { readonly pending?: boolean }): AsyncIterable<readonly VaultCertificate[]>;
  /** All versions of one certificate, in the service's order; sort by `created`. */
  versions(name: string, options?: CallOptions): AsyncIterable<readonly VaultCertificate[]>;
  /** Soft-deleted certificates; a deletion appears only after some seconds. */
  deleted(options?: CallOptions): AsyncIterable<readonly VaultCertificate[]>;

  get(certificate: CertificateName, options?: CallOptions): Promise<VaultCertificateDetails>;
  /** A soft-deleted certificate; code `deleted-certificate-not-found` when there is none. */
  getDeleted(name: string, options?: CallOptions): Promise<VaultCertificate>;
  /** Names of the certificate authorities that the vault can order from. */
  issuers(options?: CallOptions): Promise<readonly string[]>;

  /**
   * Creates a certificate or a new version of one, and waits for the service. Aborting the signal cancels the creation
   * in the vault; where the service was faster, the call still resolves to `completed`.
   */
  create(request: CreateRequest, options?: CreateOptions): Promise<CreationOutcome>;
  /** A new version with the certificate's own policy, otherwise as {@link create}. */
  renew(name: string, options?: CreateOptions): Promise<CreationOutcome>;
  /** Goes on waiting for a creation that is under way, as {@link create} does; code `no-pending-creation` when there is none. */
  waitForCreation(name: string, options?: CreateOptions): Promise<CreationOutcome>;
  /** The creation that is under way or ended last; undefined when there is none. */
  creation(name: string, options?: CallOptions): Promise<CreationState | undefined>;
  /** Cancels a creation and removes it, so that the name can be used again. */
  cancelCreation(name: string, options?: CallOptions): Promise<void>;
  /** Joins a CA's answer to the pending creation of issuer `Unknown`. @param chainDer leaf first */
  merge(name: string, chainDer: readonly Uint8Array[], options?: CallOptions): Promise<VaultCertificateDetails>;
  import(request: ImportRequest, options?: CallOptions): Promise<VaultCertificateDetails>;

  /** Changes properties of a version (default the newest); what is absent stays. */
  update(certificate: CertificateName, change: PropertyChange, options?: CallOptions): Promise<VaultCertificateDetails>;
  policy(name: string, options?: CallOptions): Promise<VaultPolicy>;
  /** Changes the policy for future versions; what is absent stays. Answers with the policy as the service now has it. */
  updatePolicy(name: string, change: Partial<VaultPolicy>, options?: CallOptions): Promise<VaultPolicy>;

  /** Deletes with all versions, key and secret; resolves when the vault shows it as deleted. */
  delete(name: string, options?: CallOptions): Promise<VaultCertificate>;
  /** Brings a deleted certificate back; resolves when it can be used. */
  recover(name: string, options?: CallOptions): Promise<VaultCertificateDetails>;
  /** Removes a deleted certificate for ever; resolves when the vault no longer shows it. */
  purge(name: string, options?: CallOptions): Promise<void>;

  /**
   * Certificate and private key. Codes `key-not-exportable` and `secret-get-denied` tell that the key cannot be had,
   * before anything was written.
   */
  fetchCredential(certificate: CertificateName, options?: CallOptions): Promise<FetchedCredential>;
  /**
   * Signs with the certificate's key, which stays in the vault: PS256 (RSASSA-PSS, SHA-256, salt 32). Code `key-cannot-sign` for a key
   * of another type; a 403 names the role "Key Vault Crypto User".
   * @param input what is signed; its digest alone is sent
   */
  sign(key: SigningKey, input: Uint8Array, options?: CallOptions): Promise<Uint8Array>;
}

/** One certificate, or one version of it, with all that the vault tells. */
export interface VaultCertificateDetails extends VaultCertificate {
  /** Absent while the first creation is pending. */
  readonly certificateDer?: Uint8Array;
  /** Upper-case hex. */
  readonly thumbprintSha256?: string;
  readonly id: string;
  readonly keyId?: string;
  readonly secretId?: string;
  /** Absent where the service does not tell, as for older versions. */
  readonly policy?: VaultPolicy;
  /** e.g. `Recoverable+Purgeable`. */
  readonly recoveryLevel?: string;
  readonly recoverableDays?: number;
}

export interface SubjectAltNames {
  readonly dnsNames?: readonly string[];
  readonly emails?: readonly string[];
  readonly userPrincipalNames?: readonly string[];
  readonly uris?: readonly string[];
  readonly ipAddresses?: readonly string[];
}

export interface VaultPolicy {
  /** `Self`, `Unknown` (CSR and merge) or the name of an issuer of the vault. */
  readonly issuer: string;
  /** What to order from a CA issuer, e.g. `OV-SSL`. */
  readonly certificateType?: string;
  /** Distinguished name, e.g. `CN=app, O=Contoso`; at most 200 characters. */
  readonly subject: string;
  readonly subjectAltNames: SubjectAltNames;
  readonly keyType: 'RSA' | 'RSA-HSM' | 'EC' | 'EC-HSM';
  /** Bits, RSA only: 2048, 3072 or 4096. */
  readonly keySize?: number;
  /** EC only: `P-256`, `P-384`, `P-521`, `P-256K`. */
  readonly curve?: string;
  readonly exportable: boolean;
  readonly reuseKey: boolean;
  readonly contentType: SecretContentType;
  /** Names as the service writes them, e.g. `digitalSignature`. */
  readonly keyUsage: readonly string[];
  /** Dotted OIDs. */
  readonly extendedKeyUsage: readonly string[];
  readonly validityMonths: number;
  readonly lifetimeActions: readonly LifetimeAction[];
}

export type SecretContentType = 'application/x-pkcs12' | 'application/x-pem-file';

/** Exactly one of `atPercent` (1 to 99) and `daysBeforeExpiry` is given. */
export interface LifetimeAction {
  readonly action: 'AutoRenew' | 'EmailContacts';
  readonly atPercent?: number;
  readonly daysBeforeExpiry?: number;
}

/**
 * A creation. What the policy does not say suits a client credential: issuer `Self`, RSA 2048, exportable, key not
 * reused, clientAuth, digitalSignature, 12 months, PKCS#12, e-mail 30 days before the end (no renewal by itself, which
 * would leave the app registration behind; facts F61).
 */
export interface CreateRequest {
  /** 1 to 127 letters, digits and hyphens. */
  readonly name: string;
  readonly policy: Partial<VaultPolicy> & Pick<VaultPolicy, 'subject'>;
  readonly enabled?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface CreateOptions extends CallOptions {
  /** Called after every look at the vault. */
  readonly onProgress?: (state: CreationState) => void;
  /** Stops waiting without cancelling in the vault; the call resolves to `inProgress`. */
  readonly stopWaiting?: AbortSignal;
}

export interface CreationState {
  readonly name: string;
  readonly status: 'inProgress' | 'completed' | 'failed' | 'cancelled';
  /** The service's own words, in English. */
  readonly details?: string;
  readonly issuer: string;
  /** PKCS#10 DER. */
  readonly csrDer?: Uint8Array;
  readonly cancellationRequested: boolean;
  readonly error?: { readonly code?: string; readonly message?: string };
}

/** How a creation ended for now. Failure rejects with `creation-failed`, cancellation by somebody else with `creation-cancelled`. */
export type CreationOutcome =
  | { readonly status: 'completed'; readonly certificate: VaultCertificateDetails }
  /** Issuer `Unknown`: take the CSR to a CA and merge its answer. PEM. */
  | { readonly status: 'waitingForMerge'; readonly csrPem: string; readonly state: CreationState }
  | { readonly status: 'inProgress'; readonly state: CreationState };

export interface ImportRequest {
  readonly name: string;
  /** PKCS#12 bytes, or PEM text with certificate and PKCS#8 key. */
  readonly content: Uint8Array;
  readonly kind: 'pkcs12' | 'pem';
  readonly password?: string;
  /** Whether the private key can be fetched later. */
  readonly exportable: boolean;
  readonly reuseKey?: boolean;
  readonly enabled?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface PropertyChange {
  readonly enabled?: boolean;
  /** All tags; `{}` removes them. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Held in memory only. The certificates room opens `bytes` (a PKCS#12 has the empty password). */
export interface FetchedCredential {
  readonly certificate: VaultCertificateDetails;
  readonly contentType: SecretContentType;
  /** PKCS#12 DER, or PEM text: private key, certificate, chain. */
  readonly bytes: Uint8Array;
}
