/** Copies of whole folders without starting a program for each: the fault tests make thousands. */
import { chmodSync, copyFileSync, lstatSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes, modes and links as they are. `to` must not exist. */
export function copyTree(from: string, to: string): void {
  const { mode } = lstatSync(from);
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else copyFile(source, target);
  }
  // Last: the folder may be read-only.
  chmodSync(to, mode & 0o7777);
}

function copyFile(source: string, target: string): void {
  copyFileSync(source, target);
  // The umask has had its say.
  chmodSync(target, lstatSync(source).mode & 0o7777);
}
