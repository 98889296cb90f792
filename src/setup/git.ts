import type { ProcessRunner } from '../base/ports.ts';
import type { Git } from './ports.ts';

/** Git through its command line. */
export function createGit(processes: ProcessRunner): Git {
  throw new Error(`being built: ${String(processes)}`);
}
