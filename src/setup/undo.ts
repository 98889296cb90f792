import type { SetupPorts } from './ports.ts';
import type { UndoResult } from './types.ts';

export interface UndoOptions {
  readonly signal?: AbortSignal;
}

/**
 * Brings back every byte that the last setup of this config changed, finished or not.
 * Rejects with `nothing-to-undo`, `setup-in-progress`, `file-changed`, `unsaved-changes`, `journal-damaged`, `journal-too-new`.
 * @param config absolute path of the config file
 */
export function undoSetup(config: string, ports: SetupPorts, options: UndoOptions = {}): Promise<UndoResult> {
  throw new Error(`being built: ${config} ${ports.journalFolder} ${String(options)}`);
}
