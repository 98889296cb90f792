/** Contract of the setup room: the main job as data. */
import type {
  AppConfig,
  FileEdits,
  KeyFrom,
  PackageInstall,
  PlanWarning,
  PlannedVariables,
  VaultReference,
} from '../appConfig/types.ts';
import type { CertificateDescription, CredentialMaterial, PublicMaterial } from '../certificates/types.ts';

/** A file that apply creates with given bytes; it never replaces an existing one with other content. */
export interface PlannedFile {
  readonly path: string;
  readonly role: 'privateKey' | 'certificate' | 'pfx' | 'csr' | 'passphrase';
  /** 0o600 for everything but public files. */
  readonly mode: number;
  readonly bytes: Uint8Array;
  /**
   * Removed again once `.env` holds what is in it: keeps a key or pass phrase that is not on disk yet
   * alive when apply is killed or stopped half-way. Not part of the review or of the result.
   */
  readonly temporary?: boolean;
  /** Lies there with these bytes already: it is protected where it has to be, and not made. */
  readonly exists?: boolean;
}

/** What a setup holds of its certificate: without the private key where the app takes it from a vault, or has the vault sign. */
export type SetupMaterial = PublicMaterial & Partial<Pick<CredentialMaterial, 'privateKeyPkcs8'>>;

/** What the user chose; nothing in it has been changed anywhere yet. */
export interface SetupChoices {
  readonly config: AppConfig;
  readonly material: SetupMaterial;
  readonly keyFrom: KeyFrom;
  /** Absolute paths of the files that the material was opened from; those in the app that can serve as they are are not copied. */
  readonly source?: { readonly certificate: string; readonly privateKey: string };
  /** For the vault kinds: the certificate that the app fetches, or signs with, at run time. */
  readonly vault?: VaultReference;
  /** Text, or the reserved words 'generate' and 'none'. Means something for keyFrom `file` only. */
  readonly passphrase: string;
  /** Workspace folders, absolute. */
  readonly roots: readonly string[];
  /** Absolute folder for key and certificate; default `certs` in the app root. */
  readonly folder?: string;
  /** File name without extension; default made from the certificate's subject. */
  readonly name?: string;
  /** Default true. False: stop after the key files ("Rewrite Later"), to be resumed. */
  readonly rewriteNow?: boolean;
  /** The app has a certificate already, and this one takes its place. */
  readonly rotates?: ReplacedCertificate;
  /** Default true: upload to the app registration before the app is rewritten. */
  readonly register?: boolean;
  /** Default as `register`: obtain a token at the end. */
  readonly prove?: boolean;
}

/** The certificate that a rotation replaces. It stays registered until it is removed on purpose. */
export interface ReplacedCertificate {
  /** Upper-case hex; absent where only the other one is known. */
  readonly thumbprintSha256?: string;
  readonly thumbprintSha1?: string;
  /** For the vault kinds: the version that the app names. */
  readonly version?: string;
  /** ISO 8601, UTC; absent where the certificate itself was not found. */
  readonly notAfter?: string;
}

/** The plan from choice to review to apply. Holds key material in memory; `describePlan` gives a printable form without it. */
export interface SetupPlan {
  readonly config: AppConfig;
  readonly certificate: CertificateDescription;
  readonly keyFrom: KeyFrom;
  readonly vault?: VaultReference;
  /** Packages that apply installs before it rewrites the app. */
  readonly install?: PackageInstall;
  readonly files: readonly PlannedFile[];
  readonly edits: readonly FileEdits[];
  readonly variables: PlannedVariables;
  readonly warnings: readonly PlanWarning[];
  /** False: stop after the key files ("Rewrite Later"), to be resumed. */
  readonly rewriteNow: boolean;
  readonly rotates?: ReplacedCertificate;
  readonly register: boolean;
  readonly prove: boolean;
  /** The public certificate: all that an upload sends. */
  readonly certificateDer: Uint8Array;
  /** Unencrypted, in memory only, where the setup has the key at all: tells whether somebody else has uploaded the certificate. */
  readonly privateKeyPkcs8?: Uint8Array;
  /** Workspace folders, absolute. */
  readonly roots: readonly string[];
  /** Every secret text the plan holds (pass phrase, key, old secret): for masking; never printed, never journalled. */
  readonly secrets: readonly string[];
}

/** What `planSetup` answers with. */
export type PlannedSetup =
  | { readonly status: 'plan'; readonly plan: SetupPlan }
  | {
      readonly status: 'nothing-to-do';
      readonly config: AppConfig;
      readonly reason: string;
      readonly warnings: readonly PlanWarning[];
    };

/** A plan in printable form, JSON-serialisable and without any secret. */
export interface PlanDescription {
  readonly config: string;
  readonly subject: string;
  readonly thumbprintSha256: string;
  readonly notAfter: string;
  readonly keyFrom: KeyFrom;
  readonly creates: readonly { readonly path: string; readonly role: PlannedFile['role']; readonly mode: string }[];
  readonly edits: readonly { readonly path: string; readonly role: FileEdits['role']; readonly isNew: boolean }[];
  /** `name@range` of the packages that will be installed. */
  readonly installs: readonly string[];
  readonly warnings: readonly PlanWarning[];
  readonly rewriteNow: boolean;
  /** The whole as lines of plain text. */
  readonly text: string;
}

/** A setup that was begun and neither finished nor undone. */
export interface UnfinishedSetup {
  /** Absolute path of the config file. */
  readonly config: string;
  /** `stopped`: waits for "Rewrite Later"; `interrupted`: apply was killed; `undoing`: undo was killed and can only be undone further. */
  readonly state: 'stopped' | 'interrupted' | 'undoing';
  /** False when only undoing is left: undo had begun, or no key was written yet. */
  readonly resumable: boolean;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly subject: string;
  readonly thumbprintSha256: string;
  /** Undefined when nobody works on it now; else who does. */
  readonly heldBy?: { readonly pid: number; readonly host: string };
  /** The journal cannot be read: what to do about it. Then the fields above are empty except `config`. */
  readonly problem?: { readonly code: string; readonly message: string; readonly file: string };
}

/** Result of `undoSetup`. */
export interface UndoResult {
  readonly config: string;
  /** Files brought back to what they were. */
  readonly restored: readonly string[];
  /** Files that setup had made and that are gone again. */
  readonly removed: readonly string[];
  /** `.gitignore` files that stay as they are because they protect keys of other apps too. */
  readonly kept?: readonly string[];
  /** `name@range` of the packages that setup had installed and that stay: package.json or a lock file was changed since, or something else uses them. */
  readonly installed?: readonly string[];
}

/** Result of `setUp` and `rotate`, as the design's command table has it. */
export interface SetUpResult {
  readonly config: string;
  readonly thumbprintSha256: string;
  readonly thumbprintSha1: string;
  readonly notAfter: string;
  readonly files: { readonly certificate?: string; readonly privateKey?: string; readonly passphrase?: string };
  readonly changed: readonly string[];
  /** How the app gets its key. */
  readonly keyFrom: KeyFrom;
  /** Where the app takes its key from a vault, or has it sign: which certificate. */
  readonly vault?: VaultReference;
  /** `name@range` of the packages that were installed. */
  readonly installed?: readonly string[];
  readonly warnings: readonly PlanWarning[];
  readonly registered: boolean;
  readonly proven: boolean;
  /** Stopped after the key files: the app still uses its secret, and "Continue Setup" rewrites it. */
  readonly stopped?: true;
}
