/** A file system that kills its process without warning at a chosen change. */
import { existsSync } from 'node:fs';
import * as promises from 'node:fs/promises';
import type { FileSystem } from '../../ui/nodeSetupPorts.ts';

export interface DyingFileSystem extends FileSystem {
  /** Changes made so far. */
  count(): number;
}

/**
 * Counts everything that changes the disk (reading, syncing, closing, removing what is not there do not: a killed process differs by them in nothing).
 * @param dieAt number of the change before which the process gets SIGKILL; a write of content is first done by half
 */
export function dyingFileSystem(dieAt: number): DyingFileSystem {
  let count = 0;
  const die = () => process.kill(process.pid, 'SIGKILL');
  const change =
    <A extends unknown[], R>(work: (...args: A) => Promise<R>, changes: (...args: A) => boolean = () => true) =>
    async (...args: A): Promise<R> => {
      if (changes(...args) && ++count === dieAt) die();
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
      if (flags === 'wx' && ++count === dieAt) die();
      const handle = await promises.open(path, flags, mode);
      const writeFile = handle.writeFile.bind(handle);
      handle.writeFile = async (data, options) => {
        if (++count === dieAt) {
          const bytes = data as Uint8Array;
          await writeFile(bytes.subarray(0, bytes.length / 2));
          die();
        }
        return writeFile(data, options);
      };
      handle.chmod = change(handle.chmod.bind(handle));
      return handle;
    },
  };
}
