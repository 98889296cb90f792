/** Where downloads live, and how two runs that start at once share them. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** The project's folder. Bundled suites have no `import.meta`: they are told. */
export const projectRoot = process.env.CCG_PROJECT ?? path.resolve(import.meta.dirname, '../..');

/** Git-ignored folder for everything that is downloaded; `npm ci` leaves it alone. */
export const cacheFolder = path.join(projectRoot, '.vscode-test');

/**
 * Returns the folder `name` of the cache, made by `make` when it is not there. The name carries the version of what it
 * holds, so a new version never meets an old folder. `make` fills a temporary folder that is renamed at the end: a folder
 * with the right name is always whole, and of two processes that start together one wins and both use its folder.
 */
export async function cached(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const target = path.join(cacheFolder, name);
  if (existsSync(target)) return target;
  const temporary = path.join(cacheFolder, `tmp-${process.pid}-${randomBytes(4).toString('hex')}`);
  await mkdir(temporary, { recursive: true });
  try {
    await make(temporary);
    await mkdir(path.dirname(target), { recursive: true });
    await rename(temporary, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return target;
}
