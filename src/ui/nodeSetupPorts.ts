/** The setup room's `Files` port over the machine's own file system. */
import * as promises from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ProcessRunner } from '../base/ports.ts';
import { isAFolder } from '../setup/errors.ts';
import type { Files, WriteOptions } from '../setup/ports.ts';
import { temporaryPath } from '../setup/temporary.ts';
import { createAccessControl } from './nodeAccessControl.ts';
import { brokenLink, explainFileError, fileReadOnly, notAFile } from './nodeFileErrors.ts';
import { nodeFiles } from './nodeFiles.ts';

/** The part of `node:fs/promises` that changes files; tests hand in one that dies or fails at a chosen call. */
export type FileSystem = Pick<
  typeof promises,
  'open' | 'rename' | 'link' | 'unlink' | 'chmod' | 'mkdir' | 'rmdir' | 'lstat' | 'realpath' | 'access'
>;

export interface NodeFilesOptions {
  readonly fs?: FileSystem;
  readonly platform?: NodeJS.Platform;
}

/** @param processes runs `icacls` on Windows; nothing elsewhere */
export function createNodeFiles(processes: ProcessRunner, options: NodeFilesOptions = {}): Files {
  const fs = options.fs ?? promises;
  const windows = (options.platform ?? process.platform) === 'win32';
  const accessControl = createAccessControl(processes);

  const protect = async (path: string) => {
    if (windows) await accessControl.protect(path);
    else await fs.chmod(path, 0o600);
  };

  const resolve = async (path: string): Promise<string> => {
    try {
      return await fs.realpath(path);
    } catch (error) {
      if (codeOf(error) === 'ELOOP') throw brokenLink(path);
      if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTDIR') throw error;
      // realpath fails alike for a link that leads nowhere and for a file that does not exist yet.
      const isLink = await fs.lstat(path).then(
        (facts) => facts.isSymbolicLink(),
        () => false,
      );
      if (isLink) throw brokenLink(path);
      const parent = dirname(path);
      return parent === path ? path : join(await resolve(parent), basename(path));
    }
  };

  const removeIfThere = async (path: string) => {
    try {
      await fs.unlink(path);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTDIR') throw error;
    }
  };

  /** Makes a rename or removal itself survive a power cut; Windows has no such call. */
  const syncFolder = async (folder: string) => {
    if (windows) return;
    const handle = await fs.open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  };

  const fill = async (temporary: string, path: string, bytes: Uint8Array, mode: number, keepsUmask: boolean) => {
    // Windows has one bit of these: without it the file would be read-only, and what the mode of an existing file says there is 0.
    const handle = await fs.open(temporary, 'wx', windows ? mode | 0o600 : mode);
    try {
      if (windows) await setAccess(temporary, path, mode);
      if (!windows && !keepsUmask) {
        await handle.chmod(mode);
        await keepOwner(handle, path);
      }
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  };

  /** Before there is anything to read in the file. */
  const setAccess = async (temporary: string, path: string, mode: number) => {
    if (mode === 0o600) {
      await accessControl.protect(temporary);
      return;
    }
    const old = await fs.lstat(path).catch(() => undefined);
    if (old !== undefined) await accessControl.keep(path, temporary);
  };

  const keepOwner = async (handle: promises.FileHandle, path: string) => {
    const old = await fs.lstat(path).catch(() => undefined);
    const made = await handle.stat();
    if (old === undefined || (old.uid === made.uid && old.gid === made.gid)) return;
    // Only root may give a file away; for everybody else the new file is theirs, as with any editor that renames.
    await handle.chown(old.uid, old.gid).catch(() => undefined);
  };

  const publish = async (temporary: string, path: string, exclusive: boolean) => {
    if (!exclusive) {
      await retryOnWindows(windows, () => fs.rename(temporary, path));
      return;
    }
    try {
      await fs.link(temporary, path);
    } catch (error) {
      // Some file systems (FAT, some network shares) have no hard links: look, then rename.
      if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(error) ?? '')) throw error;
      const taken = await fs.lstat(path).catch(() => undefined);
      if (taken !== undefined) throw Object.assign(new Error('exists'), { code: 'EEXIST' });
      await fs.rename(temporary, path);
      return;
    }
    await fs.unlink(temporary);
  };

  const explained = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw explainFileError(error, path);
    }
  };

  return {
    ...nodeFiles,
    stat: async (path) => {
      const facts = await nodeFiles.stat(path);
      return facts && windows ? { ...facts, mode: 0 } : facts;
    },
    resolve: (path) => explained(path, () => resolve(path)),

    writeAtomically: (path, bytes, mode, write: WriteOptions = {}) =>
      explained(path, async () => {
        const temporary = temporaryPath(path, write.writer);
        await removeIfThere(temporary);
        try {
          await fill(temporary, path, bytes, mode, write.umask === true);
          await publish(temporary, path, write.exclusive === true);
        } catch (error) {
          // The first error is the one to tell; a leftover is found again by its name.
          await removeIfThere(temporary).catch(() => undefined);
          throw error;
        }
        await syncFolder(dirname(path));
      }),

    remove: (path) =>
      explained(path, async () => {
        await retryOnWindows(windows, () => removeIfThere(path));
        await syncFolder(dirname(path)).catch((error: unknown) => {
          if (codeOf(error) !== 'ENOENT') throw error;
        });
      }),

    removeLeftover: (path) => explained(path, () => removeIfThere(temporaryPath(path))),

    makeFolder: (path, mode) =>
      explained(path, async () => {
        const made: string[] = [];
        const make = async (folder: string): Promise<void> => {
          try {
            await fs.mkdir(folder, { mode });
            made.unshift(folder);
          } catch (error) {
            if (codeOf(error) === 'EEXIST') {
              if ((await nodeFiles.stat(folder))?.kind !== 'folder')
                throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
              return;
            }
            if (codeOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
            await make(dirname(folder));
            await fs.mkdir(folder, { mode });
            made.push(folder);
          }
        };
        await make(path);
        return made;
      }),

    removeEmptyFolder: (path) =>
      explained(path, async () => {
        try {
          await fs.rmdir(path);
        } catch (error) {
          if (!['ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(codeOf(error) ?? '')) throw error;
        }
      }),

    protect: (path) => explained(path, () => protect(path)),

    setMode: (path, mode) =>
      explained(path, async () => {
        if (!windows) await fs.chmod(path, mode);
      }),

    checkWritable: (path) =>
      explained(path, async () => {
        const facts = await nodeFiles.stat(path);
        if (facts?.kind === 'folder') throw isAFolder(path);
        if (facts?.kind === 'other') throw notAFile(path);
        // Renaming over a read-only file works, and root may write anything; the user's wish counts all the same.
        if (facts !== undefined && !windows && (facts.mode & 0o222) === 0) throw fileReadOnly(path);
        if (facts !== undefined) await fs.access(path, promises.constants.W_OK);
        let folder = dirname(path);
        while ((await nodeFiles.stat(folder)) === undefined && dirname(folder) !== folder) folder = dirname(folder);
        await fs.access(folder, promises.constants.W_OK | promises.constants.X_OK);
      }),
  };
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

/** On Windows a virus scanner or indexer may hold a file for a moment; elsewhere renaming never meets that. */
async function retryOnWindows(windows: boolean, work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await work();
      return;
    } catch (error) {
      if (!windows || attempt === 8 || !['EPERM', 'EACCES', 'EBUSY'].includes(codeOf(error) ?? '')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10 * 2 ** attempt));
    }
  }
}
