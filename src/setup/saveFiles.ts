import type { PlannedFile } from './types.ts';
import type { SetupPorts } from './ports.ts';

/**
 * Writes files outside a setup (`createSelfSigned`, `createCsr`, `extractPrivateKey`, `exportCertificate`): all or nothing, never over another file,
 * private ones with mode 0600 and, inside a git repository, covered by the `.gitignore` of their folder first.
 * Rejects with `file-exists`, `key-tracked-by-git`, `key-not-ignored` and the write errors of {@link SetupPorts.files}.
 * @returns absolute paths: the files written, and the `.gitignore` files changed for them
 */
export function saveFiles(
  files: readonly PlannedFile[],
  ports: Pick<SetupPorts, 'files' | 'git' | 'editor'>,
  signal?: AbortSignal,
): Promise<{ written: string[]; changed: string[] }> {
  throw new Error(`being built: ${files.length} ${String(ports)} ${String(signal)}`);
}
