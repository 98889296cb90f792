import type { SetupPorts } from './ports.ts';
import type { SetUpResult, SetupPlan } from './types.ts';

export interface ApplyOptions {
  /** Aborting rolls everything back and rejects with CancelledError. */
  readonly signal?: AbortSignal;
}

/**
 * Carries out a plan: all or nothing, journalled so that a killed process can be resumed or undone.
 * Rejects with `setup-in-progress`, `setup-unfinished`, `file-changed`, `unsaved-changes`, `file-exists`, `key-tracked-by-git`, `key-not-ignored`,
 * `disk-full`, `file-read-only`, `permission-denied`, `is-a-folder`, `broken-link`, `secret-cannot-be-kept`, `rollback-incomplete`; CancelledError when cancelled.
 */
export function applySetup(plan: SetupPlan, ports: SetupPorts, options: ApplyOptions = {}): Promise<SetUpResult> {
  throw new Error(`being built: ${plan.keyFrom} ${ports.journalFolder} ${String(options)}`);
}
