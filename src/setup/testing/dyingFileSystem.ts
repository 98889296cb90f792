/** A file system that tells of every change before it happens, so that its process can be killed there or the disk be copied. */
import { existsSync } from 'node:fs';
import * as promises from 'node:fs/promises';
import type { FileSystem } from '../../ui/nodeSetupPorts.ts';

export interface DyingFileSystem extends FileSystem {
  /** Changes made so far. */
  count(): number;
}

/**
 * Counts everything that changes the disk (reading, syncing, closing, removing what is not there do not: a killed process differs by them in nothing).
 * @param at called before every change with its number, from 1; for a write of content when half of it is done
 */
export function dyingFileSystem(at: (change: number) => void): DyingFileSystem {
  let count = 0;
  const next = () => {
    at(++count);
  };
  const change =
    <A extends unknown[], R>(work: (...args: A) => Promise<R>, changes: (...args: A) => boolean = () => true) =>
    async (...args: A): Promise<R> => {
      if (changes(...args)) next();
      return work(...args);
    };
  return {
    count: () => count,
    lstat: promises.lstat,
    realpath: promises.realpath,
    access: promises.access,
    rename: change(promises.rename),
    link: change(promises.link),
    unlink: change(promises.unlink, (path) => existsSync(path)),
    chmod: change(promises.chmod),
    mkdir: change(promises.mkdir, (path) => !existsSync(path)) as typeof promises.mkdir,
    rmdir: change(promises.rmdir),
    open: async (path, flags, mode) => {
      if (flags === 'wx') next();
      const handle = await promises.open(path, flags, mode);
      const writeFile = handle.writeFile.bind(handle);
      handle.writeFile = async (data) => {
        const bytes = data as Uint8Array;
        const half = Math.floor(bytes.length / 2);
        await writeFile(bytes.subarray(0, half));
        next();
        await writeFile(bytes.subarray(half));
      };
      handle.chmod = change(handle.chmod.bind(handle));
      return handle;
    },
  };
}
