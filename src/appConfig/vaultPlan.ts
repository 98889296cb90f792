/** The two kinds that take the key from a vault: what each plans beyond the config itself. */
import type { FileReader } from '../base/ports.ts';
import type { TextEdit } from '../base/edits.ts';
import type { Placement } from './placement.ts';
import type { ReadConfig, ReadFile } from './readConfigs.ts';
import type { FileEdits, PackageInstall, PlanWarning, RewriteRequest, VaultReference } from './types.ts';

/** What a vault kind plans with. */
export interface VaultPlanInput {
  readonly file: ReadFile;
  readonly chosen: ReadConfig;
  readonly request: RewriteRequest;
  readonly vault: VaultReference;
  readonly reader: FileReader;
}

/** What a vault kind adds to the rewrite of the config. */
export interface VaultPlan {
  /** With `code.imported` set: the rewriter imports that name and writes it in the secret's place. */
  readonly placement: Placement;
  /** The new module (role `module`), and edits to further files (role `config`). */
  readonly files: readonly FileEdits[];
  /** Further edits to the file of the config, apart from the secret and the import. */
  readonly configEdits?: readonly TextEdit[];
  readonly warnings: readonly PlanWarning[];
  readonly install?: PackageInstall;
}
