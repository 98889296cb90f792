/** Options and results of proving, explaining, running and rotating; see ../automation.ts. */
import type { CertificateChoice, CertificateFileChoice, FileArgument } from '../automation.ts';
import type { RegistrationResult } from './registration.ts';
import type { SetUpResult } from '../../setup/types.ts';

export interface ProveCommandOptions {
  config?: FileArgument;
  /** 1-based line of the config, where the file has several. */
  line?: number;
  /** Tenant of the app registration, where the authority names none (`common`, `organizations`, `consumers`). */
  tenant?: string;
  /** Instead of a config: the application, its authority and a certificate with its key. */
  clientId?: string;
  authority?: string;
  certificate?: CertificateFileChoice;
  /** Seconds to wait for the directory; default 180, 0 asks once. */
  patience?: number;
}

export interface ExplainErrorOptions {
  text?: string;
  /** True opens the report as well; links in terminals do. */
  show?: boolean;
}

export interface ExplainErrorResult {
  code: string;
  title: string;
  cause: string;
  remedies: readonly string[];
}

export interface RunAppOptions {
  config?: FileArgument;
  /** Name of a script of the app's package.json; default `start`, else `dev`. */
  script?: string;
}

export interface RunAppResult {
  /** Folder and script that were started. */
  folder: string;
  script: string;
  /** Address that answered and was opened. */
  address?: string;
}

export interface RotateOptions {
  config?: FileArgument;
  line?: number;
  /** Default: as the old one was made, or a new version of the vault's certificate. */
  certificate?: CertificateChoice;
  tenant?: string;
  confirm?: boolean;
}

/** As `setUp`, with the certificate that was replaced and is kept until it is removed on purpose. */
export interface RotateResult extends SetUpResult {
  replaced: { thumbprintSha256?: string; thumbprintSha1?: string };
}

export interface RemoveOldCertificateOptions {
  config?: FileArgument;
  tenant?: string;
  /** Of the certificate that is to go; SHA-1 is accepted too. Required with `confirm: false`, which is refused within the days of grace. */
  thumbprintSha256?: string;
  confirm?: boolean;
}

export interface RemoveOldCertificateResult {
  /** Key ids; empty when it was gone already. */
  removed: readonly string[];
  /** App id (client id). */
  application: string;
  registration: RegistrationResult;
  /** What nothing needs any more and is left to its user: old key files, and variables of a `.env` file. */
  left: readonly OldFile[];
  /** Microsoft Graph has accepted the removal, but may list the certificate for some minutes more. */
  unconfirmed?: true;
}

export interface OldFile {
  /** Absolute. */
  file: string;
  /** In that file. */
  variable?: string;
}
