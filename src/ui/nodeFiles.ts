/** The machine's own files behind the {@link FileReader} port, for the pure rooms. */
import { readFile, stat as nodeStat, readdir } from 'node:fs';
import { promisify } from 'node:util';
import type { FileFacts, FileReader, FolderEntry } from '../base/ports.ts';
import { explainReadError } from './nodeFileErrors.ts';

// The callback forms: a workspace search reads thousands of files, and fs.promises costs about twice as much for each.
const read = promisify(readFile);
const stat = promisify(nodeStat);
const list = promisify(readdir);

/**
 * Reads from disk. `read` and `stat` follow symbolic links; `list` reports a link as `other`, so that a walk neither
 * loops nor meets a file twice. "No such file" includes a parent that is no folder; what its user can do something about rejects
 * with `permission-denied`, `is-a-folder`, `broken-link` or `file-not-readable`, which name the file.
 */
export const nodeFiles: FileReader = {
  async read(path: string): Promise<Uint8Array | undefined> {
    try {
      return await read(path);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw explainReadError(error, path);
    }
  },

  async stat(path: string): Promise<FileFacts | undefined> {
    try {
      const facts = await stat(path);
      return {
        size: facts.size,
        mode: process.platform === 'win32' ? 0 : facts.mode & 0o7777,
        kind: kindOf(facts),
      };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw explainReadError(error, path);
    }
  },

  async list(folder: string): Promise<readonly FolderEntry[]> {
    try {
      const entries = await list(folder, { withFileTypes: true });
      return entries.map((entry) => ({ name: entry.name, kind: kindOf(entry) }));
    } catch (error) {
      if (isMissing(error)) return [];
      throw explainReadError(error, folder);
    }
  },
};

function kindOf(entry: { isFile(): boolean; isDirectory(): boolean }): FolderEntry['kind'] {
  if (entry.isFile()) return 'file';
  return entry.isDirectory() ? 'folder' : 'other';
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
