/** Windows as far as files tell it: read-only where a file is made without the write bit, and access lists by `icacls`. */
import * as fs from 'node:fs/promises';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ProcessRunner } from '../../base/ports.ts';
import type { FileSystem, NodeFilesOptions } from '../../ui/nodeSetupPorts.ts';

export const user = 'S-1-5-21-1-2-3-1001';
/** What `protect` gives a file, in the definition language of security descriptors. */
export const own = `D:PAI(A;;FA;;;${user})`;
/** What a file has from its folder. */
export const inherited = 'D:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)';

export interface TestWindows {
  readonly processes: ProcessRunner;
  readonly options: NodeFilesOptions;
  /** Access lists of files that do not only inherit. */
  readonly lists: Map<string, string>;
  /** Files that were made read-only. */
  readonly readOnly: string[];
  /** Programs that fail from now on, by their name and first switch. */
  readonly failing: Set<string>;
}

export function makeWindows(): TestWindows {
  const lists = new Map<string, string>();
  const readOnly: string[] = [];
  const failing = new Set<string>();
  const move = (from: string, to: string) => {
    const list = lists.get(from);
    lists.delete(to);
    if (list !== undefined) lists.set(to, list);
    lists.delete(from);
  };
  const moving: FileSystem = {
    ...fs,
    open: (path, flags, mode) => {
      const isMade = typeof flags === 'string' && flags.startsWith('wx');
      // libuv: without S_IWRITE a new file gets FILE_ATTRIBUTE_READONLY.
      if (isMade && (Number(mode) & 0o200) === 0) readOnly.push(String(path));
      return fs.open(path, flags, mode);
    },
    rename: async (from, to) => {
      await fs.rename(from, to);
      move(String(from), String(to));
    },
    link: async (from, to) => {
      await fs.link(from, to);
      const list = lists.get(String(from));
      if (list !== undefined) lists.set(String(to), list);
    },
    unlink: async (path) => {
      await fs.unlink(path);
      lists.delete(String(path));
    },
  };
  const icacls = ([path = '', what = '', list = '']: readonly string[]) => {
    if (what === '/inheritance:r') lists.set(path, own);
    if (what === '/save') writeFileSync(list, `${basename(path)}\r\n${lists.get(path) ?? inherited}\r\n`, 'utf16le');
    if (what === '/restore') {
      const [name = '', descriptor = ''] = readFileSync(list, 'utf16le').split('\r\n');
      lists.set(join(path, name), descriptor);
    }
  };
  const processes: ProcessRunner = {
    run: (program, args) => {
      const name = program === 'whoami' ? program : `${program} ${args[1] ?? ''}`;
      if (failing.has(name)) return Promise.resolve({ exitCode: 5, stdout: '', stderr: 'Access is denied.' });
      if (program === 'icacls') icacls(args);
      const stdout = program === 'whoami' ? `"CONTOSO\\Jo","${user}"\r\n` : '';
      return Promise.resolve({ exitCode: 0, stdout, stderr: '' });
    },
  };
  return { processes, options: { platform: 'win32', fs: moving }, lists, readOnly, failing };
}
