/** What package managers write beside node_modules: read before an installation, and put back. */
import { dirname, join } from 'node:path';
import type { Files } from './ports.ts';

/** package.json or a lock file as it is at one time. */
export interface Manifest {
  /** Absolute. */
  readonly path: string;
  /** Undefined where there is no such file. */
  readonly bytes: Uint8Array | undefined;
  readonly mode: number;
}

const names = [
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'bun.lock',
  'bun.lockb',
  '.pnp.cjs',
  '.pnp.loader.mjs',
];

/**
 * Those of the app's folder and of the folders above it up to the workspace folder, where the lock file of a monorepo lies.
 * @param folder absolute
 * @param roots workspace folders
 */
export async function readManifests(folder: string, roots: readonly string[], files: Files): Promise<Manifest[]> {
  const found: Manifest[] = [];
  for (const each of foldersUpTo(folder, roots)) {
    for (const name of names) {
      const path = join(each, name);
      found.push({ path, bytes: await files.read(path), mode: (await files.stat(path))?.mode ?? 0o644 });
    }
  }
  return found;
}

function foldersUpTo(folder: string, roots: readonly string[]): string[] {
  const found = [folder];
  const isRoot = (path: string) => roots.includes(path);
  for (let at = folder; !isRoot(at); at = dirname(at)) {
    // Outside of all workspace folders: the app's folder alone.
    if (dirname(at) === at) return [folder];
    found.push(dirname(at));
  }
  return found;
}

/** Brings each one back that is not as it was. Rejects with the write errors of `Files`. */
export async function putBack(manifests: readonly Manifest[], files: Files): Promise<void> {
  for (const { path, bytes, mode } of manifests) {
    const now = await files.read(path);
    if (isSame(now, bytes)) continue;
    if (bytes === undefined) await files.remove(path);
    else await files.writeAtomically(path, bytes, mode);
  }
}

/** Whether a file is as it was, both absent included. */
export function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one === undefined || other === undefined ? one === other : Buffer.from(one).equals(other);
}
