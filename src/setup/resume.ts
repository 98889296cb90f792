import type { ResumeTools, SetupPorts } from './ports.ts';
import type { SetUpResult, SetupPlan, UnfinishedSetup } from './types.ts';

export interface ResumeOptions {
  readonly signal?: AbortSignal;
  /** Shows the rest of the plan; answering false leaves the setup stopped and rejects with CancelledError. */
  readonly review?: (plan: SetupPlan) => Promise<boolean>;
}

/** Setups of configs below `roots` (all when empty) that were begun and neither finished nor undone. Never rejects for one damaged journal. */
export function unfinishedSetups(roots: readonly string[], ports: SetupPorts): Promise<UnfinishedSetup[]> {
  throw new Error(`being built: ${String(roots)} ${ports.journalFolder}`);
}

/**
 * Finishes a stopped or interrupted setup with the key files it made; the rewrite is planned anew from the workspace as it stands.
 * Rejects as `applySetup` does, and with `nothing-to-resume`, `key-file-missing`, `key-file-changed`.
 * @param config absolute path of the config file
 */
export function resumeSetup(
  config: string,
  tools: ResumeTools,
  ports: SetupPorts,
  options: ResumeOptions = {},
): Promise<SetUpResult> {
  throw new Error(`being built: ${config} ${String(tools)} ${ports.journalFolder} ${String(options)}`);
}
