/**
 * The commands as an API: options and results of each, by command name (`clientCertificate.<name>`). The README's
 * "Automation" is written from this file. Results are plain and JSON-serialisable; none holds a key, a pass phrase or a secret.
 *
 * With an options object a command asks only for what the object leaves open, and rejects with an `Error` that has a stable
 * `code`. Nobody is asked to sign in then, unless the command asks for a confirmation too: it rejects with `not-signed-in`.
 * Without one (palette, menus) it shows its own error and resolves to undefined. Cancelling resolves to undefined.
 */
import type { Uri } from 'vscode';
import type { CredentialKind, ModuleKind, PlanWarning } from '../appConfig/types.ts';
import type { CertificateDescription } from '../certificates/types.ts';
import type { ProveResult } from '../setup/index.ts';
import type { SetUpResult, UndoResult } from '../setup/types.ts';
import type {
  ExplainErrorOptions,
  ExplainErrorResult,
  ProveCommandOptions,
  RemoveOldCertificateOptions,
  RemoveOldCertificateResult,
  RotateOptions,
  RotateResult,
  RunAppOptions,
  RunAppResult,
} from './automation/proof.ts';
import type { RegistrationOptions, RegistrationResults } from './automation/registration.ts';
import type { VaultCommandOptions, VaultCommandResults, VaultPolicyOptions } from './automation/vault.ts';
import type { VaultViewOptions, VaultViewResults } from './automation/vaultView.ts';
import type { WorkspaceOptions, WorkspaceResults } from './automation/workspace.ts';

export type * from './automation/registration.ts';

/** A file or folder: a `file:` Uri or an absolute path. */
export type FileArgument = Uri | string;

/** `'generate'` makes one, `'none'` leaves the key unencrypted, anything else is the pass phrase itself. */
export type PassphraseArgument = string;

export type KeySize = 2048 | 3072 | 4096;

export interface SelfSignedChoice {
  kind: 'selfSigned';
  /** Distinguished name or bare common name; default the app's package name. */
  subject?: string;
  validityDays?: number;
  keySize?: KeySize;
}

/** What opening a certificate or key file may take. */
export interface OpeningOptions {
  /** Of the file, or of its key. */
  password?: string;
  /** Of the key, where that has another one than the file (`password-required` with `details.data.password` of `key`). */
  keyPassword?: string;
  /** Which certificate, where the file holds several (`several-certificates`, candidates in `details.data`). */
  thumbprintSha256?: string;
}

export interface CertificateFileChoice extends OpeningOptions {
  kind: 'file';
  /** Certificate, PFX or PEM file. */
  file: FileArgument;
  /** Where the key is in a file of its own. */
  privateKey?: FileArgument;
}

/** Made by an installed program, which runs in a private temporary folder. */
export interface ProgramChoice {
  kind: 'openssl' | 'powershell';
  subject?: string;
  validityDays?: number;
  keySize?: KeySize;
}

/** A certificate that a vault has. */
export interface VaultCertificateChoice {
  kind: 'vault';
  /** Name or address. */
  vault: string;
  name: string;
  /** 32 hex digits; default the newest. `latest`: with `keyVault` and `keyVaultSign` the app follows the vault's newest version, a day behind. */
  version?: string;
}

/** A certificate that the vault makes; what the policy leaves open suits a client credential. Removed again when the setup is not applied. */
export interface NewVaultCertificateChoice extends VaultPolicyOptions {
  kind: 'vaultNew';
  /** Name or address. */
  vault: string;
  name: string;
}

export type CertificateChoice =
  SelfSignedChoice | CertificateFileChoice | ProgramChoice | VaultCertificateChoice | NewVaultCertificateChoice;

/** How the app gets its key at run time; `keyVault` takes it from a vault, `keyVaultSign` has the vault sign, so that the key never leaves it. */
export type KeyFromArgument = 'file' | 'environment' | 'keyVault' | 'keyVaultSign';

export interface SetUpOptions {
  /** File with the app config. */
  config?: FileArgument;
  /** 1-based line of the config, where the file has several. */
  line?: number;
  certificate?: CertificateChoice;
  keyFrom?: KeyFromArgument;
  passphrase?: PassphraseArgument;
  /** Default true: upload to the app registration before the app is rewritten; where that cannot be done, stop after the key files. */
  register?: boolean;
  /** Default as `register`: obtain a token at the end. */
  prove?: boolean;
  /** Tenant of the app registration, where the authority names none (`common`, `organizations`, `consumers`). */
  tenant?: string;
  /** False applies without the review. */
  confirm?: boolean;
}

export interface UseInAppOptions {
  config?: FileArgument;
  line?: number;
  certificate?: CertificateFileChoice | VaultCertificateChoice | NewVaultCertificateChoice;
  keyFrom?: KeyFromArgument;
  passphrase?: PassphraseArgument;
  confirm?: boolean;
}

export interface UseInAppResult {
  /** `nothing-to-do`: the app uses this certificate already. One that has another rejects with `app-has-other-certificate`. */
  status: 'rewritten' | 'nothing-to-do';
  changed: readonly string[];
  warnings: readonly PlanWarning[];
}

export interface ContinueSetupOptions {
  config?: FileArgument;
  /** False rewrites the app without an upload; default as the setup was begun. */
  register?: boolean;
  /** As in `setUp`. */
  tenant?: string;
  /** False applies without the review. */
  confirm?: boolean;
}

export interface UndoSetupOptions {
  config?: FileArgument;
  /** False undoes without asking. */
  confirm?: boolean;
}

/** `crt`: `.crt` and `.key`, PEM; `cer`: the public part as DER; `pfx`: certificate and key in one file. */
export type CertificateFormat = 'crt' | 'cer' | 'pfx';

export interface CreateSelfSignedOptions {
  /** What makes it; default the extension itself. */
  kind?: 'selfSigned' | 'openssl' | 'powershell';
  subject?: string;
  validityDays?: number;
  keySize?: KeySize;
  /** Default `['crt']`; `crt` or `pfx` has to be among them. */
  formats?: readonly CertificateFormat[];
  folder?: FileArgument;
  /** File name without extension; default from the subject. */
  name?: string;
  /** Of the key file, and of the PFX. */
  passphrase?: PassphraseArgument;
  /** Of the PFX, where it is another one than the pass phrase. */
  pfxPassword?: string;
}

export interface CreatedFiles {
  certificate?: string;
  cer?: string;
  privateKey?: string;
  csr?: string;
  pfx?: string;
  passphrase?: string;
}

export type CertificateResult = CertificateDescription & { files: CreatedFiles };

export interface CreateCsrOptions {
  subject?: string;
  keySize?: KeySize;
  folder?: FileArgument;
  name?: string;
  passphrase?: PassphraseArgument;
}

export interface CreateCsrResult {
  files: { csr: string; privateKey: string; passphrase?: string };
}

export interface ImportSignedOptions {
  /** The certificate authority's answer: certificate, chain or PKCS#7. */
  file?: FileArgument;
  /** The key that the certificate signing request was made with. */
  privateKey?: FileArgument;
  /** Pass phrase of that key. */
  passphrase?: string;
}

export interface InspectCertificateOptions extends OpeningOptions {
  file?: FileArgument;
}

export interface ExtractPrivateKeyOptions extends OpeningOptions {
  file?: FileArgument;
  /** File to create; default beside the source, with the extension `.key`. */
  output?: FileArgument;
  passphrase?: PassphraseArgument;
}

export interface ExtractPrivateKeyResult {
  file: string;
  encrypted: boolean;
  /** The same key file, and the one with the generated pass phrase. */
  files: Pick<CreatedFiles, 'passphrase'> & { privateKey: string };
  /** As `files.passphrase`. */
  passphraseFile?: string;
}

export type ExportFormat = 'cer' | 'pem' | 'pfx';

export interface ExportCertificateOptions extends OpeningOptions {
  file?: FileArgument;
  output?: FileArgument;
  /** `cer`: DER, public; `pem`: public certificate and chain; `pfx`: certificate and key. */
  format?: ExportFormat;
  /** Password of the new PFX. */
  newPassword?: string;
}

export interface ExportCertificateResult {
  file: string;
}

export interface FoundAppConfig {
  file: string;
  line: number;
  credential: CredentialKind;
  clientId?: string;
  authority?: string;
  moduleKind: ModuleKind;
  msalVersion?: string;
}

/** Nothing: the whole workspace is checked. */
export type CheckWorkspaceOptions = Record<string, never>;

export interface WorkspaceFinding extends AppFinding {
  /** Absolute path. */
  file: string;
}

export interface CheckAppOptions {
  config?: FileArgument;
}

export interface AppFinding {
  code: string;
  severity: 'error' | 'warning' | 'information';
  message: string;
  line: number;
}

export interface SignInOptions {
  /** Tenant id or domain; default the first of the setting `signIn.tenants`, else the account's home tenant. */
  tenant?: string;
  /** Name or address of a vault: signs in to its tenant, as it wants it. Key Vault may ask for more than listing the vaults does. */
  vault?: string;
}

export interface SignInResult {
  /** Account name or application id; absent where the token does not tell. */
  account?: string;
  tenant?: string;
  /** The way that worked. */
  source: 'vscode' | 'azureCli' | 'environment' | 'browser' | 'deviceCode';
}

/** Options of every command. */
export interface CommandOptions extends VaultViewOptions, RegistrationOptions, VaultCommandOptions, WorkspaceOptions {
  setUp: SetUpOptions;
  continueSetup: ContinueSetupOptions;
  undoSetup: UndoSetupOptions;
  useInApp: UseInAppOptions;
  createSelfSigned: CreateSelfSignedOptions;
  createCsr: CreateCsrOptions;
  importSigned: ImportSignedOptions;
  inspectCertificate: InspectCertificateOptions;
  extractPrivateKey: ExtractPrivateKeyOptions;
  exportCertificate: ExportCertificateOptions;
  findAppConfigs: Record<string, never>;
  checkApp: CheckAppOptions;
  checkWorkspace: CheckWorkspaceOptions;
  prove: ProveCommandOptions;
  rotate: RotateOptions;
  removeOldCertificate: RemoveOldCertificateOptions;
  explainError: ExplainErrorOptions;
  runApp: RunAppOptions;
  signIn: SignInOptions;
  switchAccount: Record<string, never>;
  signOut: Record<string, never>;
  showExpiryTimeline: Record<string, never>;
}

/** Results of every command; undefined when it was cancelled. */
export interface CommandResults extends VaultViewResults, RegistrationResults, VaultCommandResults, WorkspaceResults {
  setUp: SetUpResult;
  continueSetup: SetUpResult;
  undoSetup: UndoResult;
  useInApp: UseInAppResult;
  createSelfSigned: CertificateResult;
  createCsr: CreateCsrResult;
  importSigned: CertificateResult;
  inspectCertificate: CertificateDescription;
  extractPrivateKey: ExtractPrivateKeyResult;
  exportCertificate: ExportCertificateResult;
  findAppConfigs: FoundAppConfig[];
  checkApp: AppFinding[];
  checkWorkspace: WorkspaceFinding[];
  prove: ProveResult;
  rotate: RotateResult;
  removeOldCertificate: RemoveOldCertificateResult;
  explainError: ExplainErrorResult;
  runApp: RunAppResult;
  signIn: SignInResult;
  switchAccount: SignInResult;
  signOut: Record<string, never>;
  showExpiryTimeline: Record<string, never>;
}
