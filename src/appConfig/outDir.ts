/** JavaScript that the app's own compiler has written into a folder of any name: tsconfig.json says which. */
import { join, relative, resolve } from 'node:path';
import type { FileReader } from '../base/ports.ts';
import { isBelow } from './gitignore.ts';
import { withoutComments } from './moduleKind.ts';
import { foldersUpwards } from './msalVersion.ts';
import { decodeText } from './textFiles.ts';

const configNames = ['tsconfig.json', 'tsconfig.build.json'];

/**
 * The TypeScript file that a JavaScript file below a tsconfig's `outDir` was made from; undefined where there is none, so that a
 * folder with code of its own is never taken for output.
 */
export async function compiledFrom(file: string, reader: FileReader): Promise<string | undefined> {
  if (!/\.[cm]?jsx?$/.test(file)) return undefined;
  for (const folder of foldersUpwards(join(file, '..'))) {
    for (const name of configNames) {
      const bytes = await reader.read(join(folder, name)).catch(() => undefined);
      if (bytes === undefined) continue;
      const text = withoutComments(decodeText(bytes) ?? '');
      const option = (key: string): string | undefined => new RegExp(`"${key}"\\s*:\\s*"([^"]+)"`).exec(text)?.[1];
      const outDir = option('outDir');
      if (outDir === undefined) continue;
      const rootDir = option('rootDir');
      const roots = rootDir === undefined ? [folder, join(folder, 'src')] : [resolve(folder, rootDir)];
      const source = await sourceOf(file, resolve(folder, outDir), roots, reader);
      if (source !== undefined) return source;
    }
  }
  return undefined;
}

async function sourceOf(
  file: string,
  outDir: string,
  roots: readonly string[],
  reader: FileReader,
): Promise<string | undefined> {
  if (roots.includes(outDir) || !isBelow(file, outDir)) return undefined;
  const name = relative(outDir, file);
  for (const root of roots) {
    for (const extension of ['$1ts', '$1tsx']) {
      const path = join(root, name.replace(/([cm]?)jsx?$/, extension));
      const facts = await reader.stat(path).catch(() => undefined);
      if (facts?.kind === 'file') return path;
    }
  }
  return undefined;
}
