/** Options and results of the commands for app registrations; see ../automation.ts. */
import type { PlanWarning } from '../../appConfig/types.ts';
import type { FileArgument, OpeningOptions } from '../automation.ts';

/** A certificate file: only its public certificate is used, whatever else it holds. */
export interface PublicFileChoice extends OpeningOptions {
  /** May be left out. */
  kind?: 'file';
  file: FileArgument;
  /** As other commands take it; not read here. */
  privateKey?: FileArgument;
}

/** A certificate of a vault, by its public part. */
export interface PublicVaultChoice {
  /** May be left out. */
  kind?: 'vault';
  /** Name or address. */
  vault: string;
  name: string;
  /** 32 hex digits; default, and `latest`: the newest. */
  version?: string;
}

/** A file, or a certificate of a vault. */
export type PublicCertificateArgument = FileArgument | PublicFileChoice | PublicVaultChoice;

/** Which app registration; what is left out comes from the app config. */
export interface ApplicationOptions {
  /** File with the app config. */
  config?: FileArgument;
  /** App id (client id). */
  application?: string;
  /** App tenant: id or domain. Needed where the config's authority names none (`common`). */
  tenant?: string;
}

export interface UploadOptions extends ApplicationOptions {
  certificate?: PublicCertificateArgument;
  /** Description in the app registration; default the certificate's subject. */
  displayName?: string;
}

/** What the directory says of an app registration. */
export interface RegistrationResult {
  objectId: string;
  displayName: string;
  tenant: string;
}

export interface UploadResult {
  /** App id (client id). */
  application: string;
  registration: RegistrationResult;
  /** Key id of the certificate in the registration. */
  keyId: string;
  /** This very certificate was registered before, so nothing was written. */
  alreadyThere: boolean;
  thumbprintSha256: string;
  /** Key ids of certificates that somebody else removed while this one was added. */
  removedMeanwhile: readonly string[];
}

export interface HandOverOptions extends UploadOptions {
  /** Folder to write to; it must not exist or be empty. Default one of its own below the app's certificate folder. */
  folder?: FileArgument;
}

export interface HandOverResult {
  folder: string;
  /** The page for the administrator. */
  instructions: string;
  /** Public certificate: DER (`.cer`) and PEM (`.pem`). */
  certificates: readonly string[];
  /** Address of the registration in the portal. */
  portal?: string;
}

export interface RetireSecretOptions extends ApplicationOptions {
  /** Key ids of the client secrets to remove. */
  keyIds?: readonly string[];
  /** False removes without asking; then `application` and `keyIds` are needed, and calling says that every deployment is switched. */
  confirm?: boolean;
}

export interface RetiredSecret {
  keyId: string;
  displayName?: string;
  /** First three characters of the value. */
  hint?: string;
  /** ISO 8601. */
  expires?: string;
}

/** Something that still holds the secret's value or reads its variable. The value itself is never part of it. */
export interface LeftOver {
  kind: 'value' | 'variable' | 'secret';
  /** Where: a file of the workspace, the history of its git repository, or the app registration. */
  place: 'file' | 'gitHistory' | 'registration';
  /** Absolute path; in the history relative to the repository. */
  file?: string;
  line?: number;
  /** In the history: the commits that brought or kept it, newest first, at most 20. */
  commits?: readonly string[];
  /** What to do about it. */
  message: string;
}

export interface RetireSecretResult {
  /** App id (client id). */
  application: string;
  registration: RegistrationResult;
  removed: readonly RetiredSecret[];
  left: readonly LeftOver[];
  /** Local files that were changed. */
  changed: readonly string[];
  /** Apps of the workspace that may have used the secret too (`client-id-not-known`). */
  warnings: readonly PlanWarning[];
}

/** Options of the commands for app registrations, by command name. */
export interface RegistrationOptions {
  upload: UploadOptions;
  handOver: HandOverOptions;
  retireSecret: RetireSecretOptions;
}

/** Their results. */
export interface RegistrationResults {
  upload: UploadResult;
  handOver: HandOverResult;
  retireSecret: RetireSecretResult;
}
