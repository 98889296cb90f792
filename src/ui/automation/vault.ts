/** Options and results of the commands that make, change and fetch vault certificates; see ../automation.ts. */
import type { CreatedFiles, FileArgument, KeySize, PassphraseArgument } from '../automation.ts';

/** What is left out is asked. */
export interface VaultOption {
  /** Name or address of the vault. */
  vault?: string;
}

export interface VaultCertificateOptions extends VaultOption {
  name?: string;
}

export interface VaultVersionOptions extends VaultCertificateOptions {
  /** 32 hex digits; default the newest. */
  version?: string;
}

/** The certificate, not one of its versions. */
export interface AnyVersionOptions extends VaultCertificateOptions {
  /** Taken as it comes from a list, and of no effect. */
  version?: string;
}

/** False changes without asking. */
export interface ConfirmOption {
  confirm?: boolean;
}

/** Exactly one of `atPercent` (1 to 99, of the lifetime) and `daysBeforeExpiry`. */
export interface LifetimeActionOption {
  /** `renew`: the vault makes a new version; `email`: the vault's contacts get an e-mail. */
  action: 'renew' | 'email';
  atPercent?: number;
  daysBeforeExpiry?: number;
}

export interface SubjectAltNamesOption {
  dnsNames?: readonly string[];
  emails?: readonly string[];
  userPrincipalNames?: readonly string[];
  uris?: readonly string[];
  ipAddresses?: readonly string[];
}

export interface VaultPolicyOptions {
  /** Distinguished name or bare common name. */
  subject?: string;
  subjectAltNames?: SubjectAltNamesOption;
  /** `RSA-HSM` for a key that never leaves the HSM of a premium vault. EC keys are refused: `key-is-ec`. */
  keyType?: string;
  keySize?: KeySize;
  /** Whether the private key can be fetched. */
  exportable?: boolean;
  /** Whether new versions go on with the same key. */
  reuseKey?: boolean;
  /** Form in which the vault hands out certificate and key. */
  contentType?: 'pkcs12' | 'pem';
  validityMonths?: number;
  lifetimeAction?: LifetimeActionOption;
  /** `Self`, `Unknown` (a signing request, merged later) or the name of an issuer of the vault. */
  issuer?: string;
  /** What to order from a CA, e.g. `OV-SSL`. */
  certificateType?: string;
}

/** What to do when the name is taken; without it the command rejects with `certificate-exists`, `name-soft-deleted` or `creation-pending`. */
export type NameConflictOption = 'newVersion' | 'recover' | 'purge' | 'cancelPending';

export interface CreateInVaultOptions extends VaultCertificateOptions, VaultPolicyOptions, ConfirmOption {
  enabled?: boolean;
  tags?: Record<string, string>;
  onConflict?: NameConflictOption;
  /** Where the signing request of issuer `Unknown` is written; default `NAME.csr` in the certificate folder. */
  csrFile?: FileArgument;
  /** Seconds to wait for the service, 0 to 3600, default 120; then the result is `inProgress`. */
  waitSeconds?: number;
}

/** A certificate of a vault. Times are ISO 8601 in UTC. */
export interface VaultCertificateResult {
  /** Origin of the vault. */
  vault: string;
  name: string;
  version?: string;
  id?: string;
  enabled: boolean;
  notBefore?: string;
  notAfter?: string;
  thumbprintSha256?: string;
  thumbprintSha1?: string;
  tags: Record<string, string>;
}

export type CreatedInVault =
  | ({ status: 'completed' | 'recovered' } & VaultCertificateResult)
  | { status: 'waitingForMerge'; vault: string; name: string; files: { csr: string } }
  | { status: 'inProgress'; vault: string; name: string; details?: string };

export interface RenewInVaultOptions extends AnyVersionOptions, ConfirmOption {
  csrFile?: FileArgument;
  waitSeconds?: number;
}

export interface SaveSigningRequestOptions extends AnyVersionOptions {
  output?: FileArgument;
}

export interface MergeSignedOptions extends AnyVersionOptions {
  /** The certificate authority's answer: certificate, chain or PKCS#7. */
  file?: FileArgument;
}

export interface ImportToVaultOptions extends VaultCertificateOptions, ConfirmOption {
  /** PFX or PEM file, or a certificate file with its key in {@link privateKey}. */
  file?: FileArgument;
  privateKey?: FileArgument;
  password?: string;
  /** Where the key has another password than the file. */
  keyPassword?: string;
  /** Which certificate, where the file holds several with keys. */
  thumbprintSha256?: string;
  /** Whether the private key can be fetched later; default true, as in a certificate that the vault makes. */
  exportable?: boolean;
  contentType?: 'pkcs12' | 'pem';
  enabled?: boolean;
  tags?: Record<string, string>;
  onConflict?: Exclude<NameConflictOption, 'recover'>;
}

export interface EditPropertiesOptions extends VaultVersionOptions {
  /** All tags; `{}` removes them. */
  tags?: Record<string, string>;
  enabled?: boolean;
}

export interface SwitchInVaultOptions extends VaultVersionOptions, ConfirmOption {}

export interface EditPolicyOptions extends AnyVersionOptions, VaultPolicyOptions {}

export type VaultPolicyResult = { vault: string; name: string } & Required<
  Omit<VaultPolicyOptions, 'keySize' | 'certificateType' | 'lifetimeAction'>
> & { keySize?: number; certificateType?: string; lifetimeAction?: LifetimeActionOption };

export interface CancelCreationOptions extends AnyVersionOptions, ConfirmOption {}

/** All versions of the certificate. */
export interface ConfirmedCertificateOptions extends VaultCertificateOptions, ConfirmOption {}

export interface DeletedFromVault {
  vault: string;
  name: string;
  /** When the vault removes it for good. */
  scheduledPurge?: string;
}

export interface VaultNameResult {
  vault: string;
  name: string;
}

export interface DownloadCertificateOptions extends VaultVersionOptions {
  /** `cer`: DER; `pem`: text, with the issuers where the vault gives them out. */
  format?: 'cer' | 'pem';
  /** Default in the certificate folder. */
  output?: FileArgument;
}

export interface DownloadCertificateResult {
  file: string;
  thumbprintSha256: string;
  /** Certificates in the file. */
  certificates: number;
}

export interface DownloadWithKeyOptions extends VaultVersionOptions {
  /** `pfx`: one file with a password; `pem`: a key file with a pass phrase, and a certificate file. */
  format?: 'pfx' | 'pem';
  folder?: FileArgument;
  /** Without extension; default the certificate's name. */
  fileName?: string;
  /** Of the PFX. */
  newPassword?: string;
  /** Of the key file. */
  passphrase?: PassphraseArgument;
}

export interface DownloadWithKeyResult {
  thumbprintSha256: string;
  files: CreatedFiles;
}

/** By command name. */
export interface VaultCommandOptions {
  createInVault: CreateInVaultOptions;
  renewInVault: RenewInVaultOptions;
  saveSigningRequest: SaveSigningRequestOptions;
  mergeSigned: MergeSignedOptions;
  cancelCreation: CancelCreationOptions;
  importToVault: ImportToVaultOptions;
  editProperties: EditPropertiesOptions;
  enableInVault: VaultVersionOptions;
  disableInVault: SwitchInVaultOptions;
  editPolicy: EditPolicyOptions;
  deleteInVault: ConfirmedCertificateOptions;
  recoverInVault: ConfirmedCertificateOptions;
  purgeInVault: ConfirmedCertificateOptions;
  downloadCertificate: DownloadCertificateOptions;
  downloadWithKey: DownloadWithKeyOptions;
}

export interface VaultCommandResults {
  createInVault: CreatedInVault;
  renewInVault: CreatedInVault;
  saveSigningRequest: { file: string };
  mergeSigned: VaultCertificateResult;
  cancelCreation: VaultNameResult;
  importToVault: VaultCertificateResult;
  editProperties: VaultCertificateResult;
  enableInVault: VaultCertificateResult;
  disableInVault: VaultCertificateResult;
  editPolicy: VaultPolicyResult;
  deleteInVault: DeletedFromVault;
  recoverInVault: VaultCertificateResult;
  purgeInVault: VaultNameResult;
  downloadCertificate: DownloadCertificateResult;
  downloadWithKey: DownloadWithKeyResult;
}
