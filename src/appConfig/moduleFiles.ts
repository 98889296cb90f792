/** Which file an import names, as TypeScript, Node and bundlers look for it. Packages are none of this. */
import { dirname, join } from 'node:path';
import type { FileReader } from '../base/ports.ts';

const extensions = ['.ts', '.js', '.mts', '.mjs', '.cts', '.cjs', '.tsx', '.jsx', '.json'];

/** `@/config` and `~/config`: from the app's root or its `src`, by custom of tsconfig paths and bundlers. */
const alias = /^[@~]\//;
/** An app's root is not farther above its files. */
const maximumLevels = 8;

/** The files that a relative or aliased import can mean, the likeliest first; none for packages. */
function candidatesOf(from: string, specifier: string): string[] {
  return basesOf(from, specifier).flatMap((path) => [
    path,
    // TypeScript's ES modules name the file that will be: './authConfig.js' is authConfig.ts.
    path.replace(/\.([cm]?)js(x?)$/, '.$1ts$2'),
    ...extensions.map((extension) => path + extension),
    ...extensions.map((extension) => join(path, `index${extension}`)),
  ]);
}

function basesOf(from: string, specifier: string): string[] {
  if (specifier.startsWith('.')) return [join(dirname(from), specifier)];
  if (!alias.test(specifier)) return [];
  const rest = specifier.slice(2);
  const bases: string[] = [];
  let folder = dirname(from);
  for (let level = 0; level < maximumLevels; level++) {
    bases.push(join(folder, 'src', rest), join(folder, rest));
    const above = dirname(folder);
    if (above === folder) break;
    folder = above;
  }
  return bases;
}

/** @param known says whether there is such a file */
export function resolveImport(from: string, specifier: string, known: (path: string) => boolean): string | undefined {
  return candidatesOf(from, specifier).find(known);
}

/** The same with the files of the disk. */
export async function findImported(from: string, specifier: string, reader: FileReader): Promise<string | undefined> {
  for (const path of new Set(candidatesOf(from, specifier))) {
    const facts = await reader.stat(path).catch(() => undefined);
    if (facts?.kind === 'file') return path;
  }
  return undefined;
}
