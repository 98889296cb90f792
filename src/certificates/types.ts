/** Contract of the certificates room: what it hands out, and the facade in `index.ts` that the rest of the house uses. */
import type { ExpiryThresholds } from '../base/expiry.ts';

/** Field of the design's `inspectCertificate` for every certificate in a file. Times are ISO 8601 in UTC. */
export interface CertificateFacts {
  /** Distinguished name as text, most specific first, e.g. `CN=ciam-client-app, O=Contoso`. */
  readonly subject: string;
  readonly issuer: string;
  /** Upper-case hex. */
  readonly serialNumber: string;
  readonly notBefore: string;
  readonly notAfter: string;
  /** Upper-case hex without separators, 64 digits, hashed over the DER as read. */
  readonly thumbprintSha256: string;
  /** Upper-case hex without separators, 40 digits. */
  readonly thumbprintSha1: string;
  readonly keyAlgorithm: KeyAlgorithm;
  /** Bits of the RSA modulus or of the curve. */
  readonly keySize: number;
  readonly selfSigned: boolean;
  readonly subjectAltNames: readonly string[];
  /** Names of RFC 5280, e.g. `digitalSignature`. */
  readonly keyUsage: readonly string[];
  /** Dotted OIDs with the known ones named, e.g. `clientAuth`. */
  readonly extendedKeyUsage: readonly string[];
  readonly isCa: boolean;
  /** Hash that the issuer signed with, e.g. `SHA-256`; empty where the algorithm has none of its own (Ed25519). */
  readonly signatureHash?: string;
  readonly friendlyName?: string;
}

export type KeyAlgorithm = 'RSA' | 'RSA-PSS' | 'EC' | 'Ed25519' | 'Ed448' | 'X25519' | 'DSA' | 'unknown';

export type FileKind = 'pkcs12' | 'pem' | 'certificate' | 'pkcs7' | 'privateKey' | 'keyVaultSecret';

/**
 * What is in a certificate or key file. For a key-only file the certificate's fields are absent and
 * `keyAlgorithm`/`keySize` are the key's; for a certificate-only file `hasPrivateKey` is false and `keyMatches` absent.
 * JSON-serialisable; never holds the key itself.
 */
export interface CertificateDescription extends Partial<Omit<CertificateFacts, 'keyAlgorithm' | 'keySize'>> {
  readonly kind: FileKind;
  readonly keyAlgorithm: KeyAlgorithm;
  readonly keySize: number;
  readonly hasPrivateKey: boolean;
  /** Whether the private key belongs to the leaf certificate; absent when one of them is missing or cannot be read. */
  readonly keyMatches?: boolean;
  /** The private key could not be looked at because it is encrypted and no (or no fitting) pass phrase was given. */
  readonly keyEncrypted?: boolean;
  /** The other certificates of the file, issuer of the leaf first. */
  readonly chain: readonly CertificateFacts[];
  /** Why this file cannot serve as a client credential, or what will go wrong with it soon. Empty when all is well. */
  readonly problems: readonly CertificateProblem[];
}

export interface CertificateProblem {
  /** kebab-case, e.g. `key-is-ec`, `key-too-short`, `expired`, `not-yet-valid`, `key-does-not-match`, `sha1-signature`. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** How to open a file. */
export interface OpenOptions {
  /** Password of the file (PKCS#12) or pass phrase of its key (PEM). Absent: none is tried but the empty ones. */
  readonly password?: string;
  /** Where the key has another password than the store (Java key stores). */
  readonly keyPassword?: string;
  /** Which certificate, where the file holds several with keys: its SHA-256 thumbprint. */
  readonly thumbprintSha256?: string;
  /** Milliseconds since the epoch that count as now for `expired`, `expires-soon` and `not-yet-valid`; default the machine's clock. */
  readonly now?: number;
  /** From when on `expires-soon` is a problem; default {@link defaultExpiryThresholds}. */
  readonly thresholds?: ExpiryThresholds;
  readonly signal?: AbortSignal;
}

/** The public part of a client credential whose private key is elsewhere: RSA of 2048 bits or more. */
export interface PublicMaterial {
  readonly description: CertificateDescription;
  readonly certificateDer: Uint8Array;
  /** Issuer of the leaf first. */
  readonly chainDer: readonly Uint8Array[];
}

/** A certificate with its private key, ready to serve as a client credential. In memory only. */
export interface CredentialMaterial extends PublicMaterial {
  /** Unencrypted PKCS#8 DER. */
  readonly privateKeyPkcs8: Uint8Array;
}

export interface SelfSignedOptions {
  /** Distinguished name (`CN=app, O=Contoso`) or a bare common name (`app`). */
  readonly subject: string;
  /** Days that the certificate lives from its notBefore, 10 minutes before now; 1 to 3650, default 365. */
  readonly validityDays?: number;
  /** RSA modulus in bits; default 2048. */
  readonly keySize?: 2048 | 3072 | 4096;
  /** Milliseconds since the epoch that count as now; default the machine's clock. */
  readonly now?: number;
  readonly signal?: AbortSignal;
}

export interface CsrOptions {
  readonly subject: string;
  readonly keySize?: 2048 | 3072 | 4096;
  readonly signal?: AbortSignal;
}

export interface CsrMaterial {
  /** PEM, `-----BEGIN CERTIFICATE REQUEST-----`. */
  readonly csrPem: string;
  readonly privateKeyPkcs8: Uint8Array;
}

/**
 * Facade of the room: `src/certificates/index.ts` exports exactly these functions (plus `configureText`), and is the
 * esbuild entry point `dist/certificates.js`. All reject with ExpectedError; codes are in the README.
 */
export interface Certificates {
  /** Describes whatever is in the file; rejects only where nothing can be said (`not-a-certificate-file`, `file-too-large`, `wrong-password`, `damaged-file`, ...). Without a needed password: `password-required`. */
  inspect(bytes: Uint8Array, options?: OpenOptions): Promise<CertificateDescription>;
  /**
   * Certificate and key from a file, or from a certificate file and a separate key file; refuses what MSAL cannot use
   * (`key-is-ec`, `key-too-short`, `no-private-key`, `key-does-not-match`, `no-certificate`, `several-certificates` with candidates in `details.data`).
   */
  openCredential(
    bytes: Uint8Array,
    options?: OpenOptions,
    privateKey?: { bytes: Uint8Array; password?: string },
  ): Promise<CredentialMaterial>;
  /** The private key alone, also from key-only files, as unencrypted PKCS#8 DER; for `extractPrivateKey`. */
  openPrivateKey(bytes: Uint8Array, options?: OpenOptions): Promise<Uint8Array>;
  /** The leaf certificate's DER as it stands in the file, with or without a key beside it. */
  openCertificate(bytes: Uint8Array, options?: OpenOptions): Promise<PublicMaterial>;
  /** A certificate whose private key stays elsewhere (in a vault), refused as {@link openCredential} does for what MSAL cannot use. */
  openPublic(bytes: Uint8Array, options?: OpenOptions): Promise<PublicMaterial>;
  /** PKCS#8 PEM; with a pass phrase PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256, 600,000 iterations, 16-byte salt. */
  privateKeyPem(pkcs8: Uint8Array, passphrase?: string): Promise<string>;
  /** `-----BEGIN CERTIFICATE-----` with 64-column lines and a final newline. */
  certificatePem(der: Uint8Array): string;
  /** PKCS#12 with PBES2 AES-256-CBC and a SHA-256 MAC, which OpenSSL 3, Windows and Key Vault open. */
  pkcs12(
    material: Pick<CredentialMaterial, 'certificateDer' | 'chainDer' | 'privateKeyPkcs8'>,
    password: string,
    friendlyName?: string,
  ): Promise<Uint8Array>;
  selfSigned(options: SelfSignedOptions): Promise<CredentialMaterial>;
  csr(options: CsrOptions): Promise<CsrMaterial>;
  /** Joins a CA's answer (certificate, chain or PKCS#7) to the key of the CSR. */
  joinSigned(signed: Uint8Array, privateKey: Uint8Array, passphrase?: string): Promise<CredentialMaterial>;
  /** 24 random characters out of 62 (more than 140 bits), safe in `.env` and shells. */
  generatePassphrase(): string;
  /** Undefined when the subject is fine, else the reason in a sentence. */
  validateSubject(subject: string): string | undefined;
  /** `openssl` and PowerShell as other ways to make a certificate: argument arrays and a script, with what they write. */
  openSslPlan(request: ExternalRequest): ExternalPlan;
  powerShellPlan(request: ExternalRequest): ExternalPlan;
  /** What `openssl version` printed; undefined when it is neither OpenSSL nor LibreSSL. */
  readOpenSslVersion(output: string): OpenSslProgram | undefined;
  /** A safe file name without extension for what is made with this subject. */
  fileNameFor(subject: string): string;
  /** Undefined when the text can be a file name (without extension) on every system, else the reason as full sentences. */
  validateName(name: string): string | undefined;
  /** A sentence for the review when so many days are allowed but likely to make trouble. */
  validityWarning(days: number): string | undefined;
}

/** An `openssl` program that was found. */
export interface OpenSslProgram {
  readonly kind: 'OpenSSL' | 'LibreSSL';
  /** As printed, e.g. `3.0.19` or `1.1.1w`. */
  readonly version: string;
  /** False below OpenSSL 1.1.1 and LibreSSL 2.8: their `req` lacks what a client certificate needs, and they get no fixes. */
  readonly supported: boolean;
  /**
   * Value for `ExternalRequest.libreSsl`: true for LibreSSL and for OpenSSL 1.1.1, where `-addext` puts a second copy
   * of the extensions that the machine's own configuration already adds.
   */
  readonly needsConfiguration: boolean;
}

export interface ExternalRequest {
  readonly subject: string;
  readonly validityDays: number;
  readonly keySize: 2048 | 3072 | 4096;
  /** Absolute path of the folder that the program writes to. */
  readonly folder: string;
  /** File name without extension. */
  readonly name: string;
  /** True when the target is LibreSSL, which lacks some options, or OpenSSL 1.1.1 (`readOpenSslVersion`). */
  readonly libreSsl?: boolean;
  /** Pass phrase of the private key or password of the PFX, in one line; absent: one is generated. */
  readonly passphrase?: string;
  /** PowerShell only: whether certificate and key leave the Windows certificate store once the files are written. Default false. */
  readonly removeFromStore?: boolean;
}

/** A program to run without a shell, or to show to the user. */
export interface ExternalPlan {
  readonly program: string;
  readonly args: readonly string[];
  /** The same as text for a terminal, with the shell's quoting. Holds no secret. */
  readonly display: string;
  /** Text that goes to standard input (a script or a pass phrase); absent when nothing does. */
  readonly input?: string;
  /** Secret: opens the private key or the PFX that the program makes when it runs with `input`. Never shown, never logged. */
  readonly passphrase: string;
  /** To be added to the program's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** A file that has to be there when the program starts and is of no use afterwards. Holds no secret. */
  readonly configuration?: { readonly path: string; readonly text: string };
  /** Files the program makes. OpenSSL replaces existing ones: whoever runs it looks first. */
  readonly files: { readonly certificate?: string; readonly privateKey?: string; readonly pfx?: string };
}
