/**
 * What the setup room needs from outside. It knows no editor and no file system of its own: the extension hands in the
 * Node implementations of `src/ui/nodeSetupPorts.ts`, the tests hand in the same ones over real temporary folders.
 */
import type { Clock, FileReader } from '../base/ports.ts';
import type { AppConfig, AppConfigs, PackageInstall, PlanWarning } from '../appConfig/types.ts';
import type { Certificates } from '../certificates/types.ts';
import type { JournalProof } from './journal.ts';
import type { Manifest } from './manifests.ts';
import type { SetupPlan } from './types.ts';

/**
 * Reads and writes files by absolute path. A failure that the user can do something about (disk full, read-only, no
 * permission, a folder in the way, a broken link) rejects with an ExpectedError whose `details.file` is the path.
 */
export interface Files extends FileReader {
  /** The path with symbolic links followed, so that a linked `.env` is written through; the last part need not exist. Rejects with `broken-link`. */
  resolve(path: string): Promise<string>;
  /**
   * Writes a file whole or not at all: temporary file in the same folder (see `temporaryPath`) created with the final mode, write, fsync,
   * rename, fsync of the folder. Replacing an existing file keeps its owner.
   */
  writeAtomically(path: string, bytes: Uint8Array, mode: number, options?: WriteOptions): Promise<void>;
  /** Removes a file; nothing happens when there is none. */
  remove(path: string): Promise<void>;
  /** Removes what a killed `writeAtomically` of this path left behind. */
  removeLeftover(path: string): Promise<void>;
  /** Makes a folder and those above it that are missing; answers with the ones it made, outermost first. */
  makeFolder(path: string, mode: number): Promise<readonly string[]>;
  /** Removes a folder when it is empty; otherwise nothing happens. */
  removeEmptyFolder(path: string): Promise<void>;
  /** Lets only this user read and write the file: mode 0600, on Windows an access control list. */
  protect(path: string): Promise<void>;
  /** Sets POSIX mode bits; nothing happens on Windows. */
  setMode(path: string, mode: number): Promise<void>;
  /** Rejects with the error that writing this file would meet, as far as it can be known without writing. */
  checkWritable(path: string): Promise<void>;
}

export interface WriteOptions {
  /** Rejects with `file-exists` instead of replacing a file. */
  readonly exclusive?: boolean;
  /** The process's umask takes bits off the mode, as for any new file of the user's. Never set for a key. */
  readonly umask?: boolean;
  /** Part of the temporary file's name where several processes may write the same file at once: only the lock, everything else is written under it. */
  readonly writer?: string;
}

/** What the editor has open. */
export interface Editor {
  /** True when the file is open with unsaved changes. */
  isDirty(path: string): boolean;
}

/** What git says about a path that is about to hold a key. */
export interface GitFacts {
  readonly path: string;
  /** False where git is not installed or the path lies in no repository. */
  readonly inRepository: boolean;
  readonly tracked: boolean;
  readonly ignored: boolean;
}

export interface Git {
  /** Facts on absolute paths whose last parts need not exist. Rejects with `git-check-failed` where git is there and fails. */
  check(paths: readonly string[], signal?: AbortSignal): Promise<readonly GitFacts[]>;
}

/** Identifies a process beyond its number, which the system reuses. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When the process started, in the system's own words (never compared across hosts); empty where the system does not tell. */
  readonly started: string;
}

/** This process and the others of the machine, for locks. */
export interface Processes {
  self(): Promise<ProcessIdentity>;
  /** False only when the process is certainly gone; a process of another host counts as running. */
  isRunning(identity: ProcessIdentity): Promise<boolean>;
}

/** Uploads the public part to the app registration. Absent: apply behaves as for `register: false`. */
export interface Registrar {
  /**
   * Uploads, or finds that somebody has. `unconfirmed` (no rights, nobody signed in, offline) makes apply stop after the key files, to be
   * resumed after the upload; what no upload will cure (a policy, a certificate that is refused) rejects, and apply takes everything back.
   */
  register(subject: RegistrationSubject, signal?: AbortSignal): Promise<RegistrationOutcome>;
  /**
   * Removes what `register` has added to the registration itself, and only that; called when the private key goes again. Answers with the reason
   * where it stays.
   * @param wasCancelled nobody reads an error then, so what stays is told here
   */
  takeBack?(wasCancelled: boolean): Promise<string | undefined>;
}

/** Which certificate goes to whose registration. */
export type RegistrationSubject = Pick<SetupPlan, 'config' | 'certificate' | 'certificateDer' | 'privateKeyPkcs8'>;

export type RegistrationOutcome =
  { readonly status: 'confirmed' } | { readonly status: 'unconfirmed'; readonly reason: PlanWarning };

/** Requests a token as the app would. Absent: nothing is proven. */
export interface SetupProver {
  /**
   * Proves a config that was just rewritten, from what is on disk. A failure is an outcome: the setup stays as it is, since the old secret still works
   * and waiting may be all it takes.
   */
  prove(
    config: Pick<AppConfig, 'file' | 'line'> & {
      readonly registered: boolean;
      /** Tells configs of one file apart, whose lines the rewrite has moved. */
      readonly clientId?: string;
    },
    roots: readonly string[],
    signal?: AbortSignal,
  ): Promise<SetupProof>;
}

export type SetupProof =
  | { readonly status: 'proven'; readonly proof: JournalProof }
  | { readonly status: 'not-proven'; readonly reason: PlanWarning };

/** Runs the package manager of an app. */
export interface Installer {
  /**
   * Installs what is missing. On failure or cancellation package.json and the lock file are as they were.
   * Rejects with `install-failed`, `unsaved-changes`, `program-not-found`, `program-timed-out`.
   * @param roots workspace folders; a lock file above the app's folder is looked for up to them
   */
  install(install: PackageInstall, roots: readonly string[], options?: InstallOptions): Promise<Installed>;
}

export interface InstallOptions {
  readonly signal?: AbortSignal;
  /** Told before anything is run what the package manager may change, so that a killed process leaves a way back. */
  readonly onKept?: (manifests: readonly Manifest[]) => Promise<void>;
}

export interface Installed {
  /** Puts package.json and lock file back, when the setup failed afterwards. What lies in node_modules stays there unused. */
  takeBack(): Promise<void>;
}

/** Everything that apply, undo and resume need. */
export interface SetupPorts {
  readonly files: Files;
  /** Folder of the journals, below the extension's global storage; made when needed. */
  readonly journalFolder: string;
  readonly git: Git;
  readonly editor: Editor;
  readonly clock: Clock;
  readonly processes: Processes;
  readonly registrar?: Registrar;
  readonly prover?: SetupProver;
  /** Absent: a plan that needs packages is refused with `packages-missing`. */
  readonly installer?: Installer;
}

/** What planning needs: the two lazily loaded rooms and a reader. */
export interface PlanTools {
  readonly certificates: Pick<
    Certificates,
    'privateKeyPem' | 'openPrivateKey' | 'certificatePem' | 'generatePassphrase' | 'fileNameFor' | 'validityWarning'
  >;
  readonly appConfigs: Pick<AppConfigs, 'planRewrite' | 'planRotation'>;
  readonly files: FileReader;
  readonly clock: Clock;
}

/** What resuming needs besides: it reads the key files back. */
export interface ResumeTools extends PlanTools {
  readonly certificates: PlanTools['certificates'] & Pick<Certificates, 'openCredential' | 'openPublic'>;
  readonly appConfigs: PlanTools['appConfigs'] & Pick<AppConfigs, 'readAppConfigs'>;
}
