/** The machine's own files behind the {@link FileReader} port, for the pure rooms. */
import * as fs from 'node:fs';
import { promisify } from 'node:util';
import type { FileFacts, FileReader, FolderEntry } from '../base/ports.ts';
import { explainReadError, fileTooLarge, notAFile } from './nodeFileErrors.ts';

// The callback forms: a workspace search reads thousands of files, and fs.promises costs about twice as much for each.
const open = promisify(fs.open);
const close = promisify(fs.close);
const fstat = promisify(fs.fstat);
const readBytes = promisify(fs.read);
const stat = promisify(fs.stat);
const list = promisify(fs.readdir);

/** Opening a named pipe that nobody writes to would otherwise wait for ever, and keep one of Node's four file threads. Windows has neither flag: undefined counts as 0. */
const withoutWaiting = fs.constants.O_RDONLY | fs.constants.O_NONBLOCK | fs.constants.O_NOCTTY;

/** No app and no certificate has a larger file; some of `/proc` have no end. */
const largest = 256 * 1024 * 1024;

/**
 * Reads from disk. `read` and `stat` follow symbolic links; `list` reports a link as `other`, so that a walk neither
 * loops nor meets a file twice. "No such file" includes a parent that is no folder; what its user can do something about rejects
 * with `permission-denied`, `is-a-folder`, `not-a-file`, `file-too-large`, `name-too-long`, `broken-link` or `file-not-readable`,
 * which name the file.
 */
export const nodeFiles: FileReader = {
  async read(path: string): Promise<Uint8Array | undefined> {
    try {
      return await readRegular(path);
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

/** All bytes of a regular file. Pipes, sockets and devices are refused: they may have no end, or give what they hold only once. */
async function readRegular(path: string): Promise<Uint8Array> {
  const descriptor = await open(path, withoutWaiting);
  try {
    const facts = await fstat(descriptor);
    if (facts.isDirectory()) throw Object.assign(new Error('folder'), { code: 'EISDIR' });
    if (!facts.isFile()) throw notAFile(path);
    if (facts.size > largest) throw fileTooLarge(path);
    return facts.size > 0 ? await readSized(descriptor, facts.size) : await readToEnd(descriptor, path);
  } finally {
    await close(descriptor);
  }
}

async function readSized(descriptor: number, size: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(size);
  let length = 0;
  while (length < size) {
    const { bytesRead } = await readBytes(descriptor, buffer, length, size - length, -1);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length === size ? buffer : buffer.subarray(0, length);
}

/** For files that do not tell their size, as those of `/proc`. */
async function readToEnd(descriptor: number, path: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for (let length = 0; length <= largest;) {
    const buffer = Buffer.allocUnsafeSlow(64 * 1024);
    const { bytesRead } = await readBytes(descriptor, buffer, 0, buffer.length, -1);
    if (bytesRead === 0) return Buffer.concat(chunks);
    chunks.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
  }
  throw fileTooLarge(path);
}

function kindOf(entry: { isFile(): boolean; isDirectory(): boolean }): FolderEntry['kind'] {
  if (entry.isFile()) return 'file';
  return entry.isDirectory() ? 'folder' : 'other';
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
