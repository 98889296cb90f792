/**
 * Where key and certificate go: the folder `certs` in the app root. The app reads the key by a path relative to its `.env`, a deployment that copies the app
 * finds it, and one line in `.gitignore` keeps it out of version control. Nothing that exists is ever overwritten.
 */
import { join, sep } from 'node:path';
import type { FileReader } from '../base/ports.ts';
import type { AppConfig } from '../appConfig/types.ts';

export function defaultFolder(config: Pick<AppConfig, 'appRoot'>): string {
  return join(config.appRoot, 'certs');
}

/**
 * A base name for which none of `extensions` (with dot) exists in the folder yet: `name`, else `name-2`, `name-3`, …
 * @param folder absolute; need not exist
 */
export async function chooseFileNames(
  folder: string,
  name: string,
  extensions: readonly string[],
  files: Pick<FileReader, 'list' | 'stat'>,
): Promise<string> {
  // File systems that ignore case would take App.key for app.key.
  const taken = new Set((await files.list(folder)).map((entry) => entry.name.toLowerCase()));
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}-${number}`;
    if (!extensions.some((extension) => taken.has(`${candidate}${extension}`.toLowerCase()))) return candidate;
  }
}

/** True for a root itself and for what lies in it. */
export function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}
