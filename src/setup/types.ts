/** Contract of the setup room: the main job as data. */
import type { AppConfig, FileEdits, KeyFrom, PlanWarning, PlannedVariables } from '../appConfig/types.ts';
import type { CertificateDescription } from '../certificates/types.ts';

/** A file that apply creates with given bytes; it never replaces an existing one with other content. */
export interface PlannedFile {
  readonly path: string;
  readonly role: 'privateKey' | 'certificate' | 'pfx' | 'csr' | 'passphrase';
  /** 0o600 for everything but public files. */
  readonly mode: number;
  readonly bytes: Uint8Array;
}

/** The plan from choice to review to apply. Holds key material in memory; `describePlan` gives a printable form without it. */
export interface SetupPlan {
  readonly config: AppConfig;
  readonly certificate: CertificateDescription;
  readonly keyFrom: KeyFrom;
  readonly files: readonly PlannedFile[];
  readonly edits: readonly FileEdits[];
  readonly variables: PlannedVariables;
  readonly warnings: readonly PlanWarning[];
  /** False: stop after the key files ("Rewrite Later"), to be resumed. */
  readonly rewriteNow: boolean;
  readonly register: boolean;
  readonly prove: boolean;
}

/** Result of `setUp` and `rotate`, as the design's command table has it. */
export interface SetUpResult {
  readonly config: string;
  readonly thumbprintSha256: string;
  readonly thumbprintSha1: string;
  readonly notAfter: string;
  readonly files: { readonly certificate?: string; readonly privateKey?: string; readonly passphrase?: string };
  readonly changed: readonly string[];
  readonly warnings: readonly PlanWarning[];
  readonly registered: boolean;
  readonly proven: boolean;
}
