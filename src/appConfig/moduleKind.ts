/** Whether Node runs a file as CommonJS or as an ES module. */
import { extname, join } from 'node:path';
import type { FileReader } from '../base/ports.ts';
import { foldersUpwards, nearestPackageJson } from './msalVersion.ts';
import { decodeText } from './textFiles.ts';
import type { ModuleKind } from './types.ts';

/**
 * The module kind a file runs as: its extension decides, then for TypeScript what its compiler emits, then `type` in
 * package.json, then the file's own syntax (Node 22 and bundlers go by it), else CommonJS.
 * @param syntax what the file itself uses: `import`/`export` or `require`/`module.exports`
 */
export async function findModuleKind(
  file: string,
  folder: string,
  syntax: ModuleKind | undefined,
  reader: FileReader,
): Promise<ModuleKind> {
  const extension = extname(file);
  if (extension === '.mjs' || extension === '.mts') return 'esm';
  if (extension === '.cjs' || extension === '.cts') return 'commonjs';
  // A file with `require` is CommonJS whatever a compiler option says; only `import` can become either.
  if (syntax === 'commonjs') return 'commonjs';
  const type = (await nearestPackageJson(folder, reader))?.json.type;
  if (extension === '.ts' || extension === '.tsx') {
    const emitted = await emittedKind(folder, reader);
    if (emitted === 'commonjs' || emitted === 'esm') return emitted;
    if (emitted === 'node') return type === 'module' ? 'esm' : 'commonjs';
  }
  if (type === 'module') return 'esm';
  return syntax ?? 'commonjs';
}

/** True when TypeScript resolves imports as Node does (`module` node16 to nodenext), so that they name files with their extension. */
export async function emitsForNode(folder: string, reader: FileReader): Promise<boolean> {
  return (await emittedKind(folder, reader)) === 'node';
}

/** What the nearest tsconfig.json's `module` makes of `import`. */
async function emittedKind(folder: string, reader: FileReader): Promise<ModuleKind | 'node' | undefined> {
  const found = await compilerOption('module', folder, reader);
  if (found === undefined || found === 'commonjs') return found;
  return found.startsWith('node') ? 'node' : 'esm';
}

/**
 * A text option of the nearest tsconfig.json, in small letters. `extends` is followed for relative paths only; anything else
 * that is not found leaves the question open.
 */
export async function compilerOption(
  name: 'module' | 'target',
  folder: string,
  reader: FileReader,
): Promise<string | undefined> {
  const option = new RegExp(`"${name}"\\s*:\\s*"([^"]+)"`);
  for (const current of foldersUpwards(folder)) {
    let path = join(current, 'tsconfig.json');
    for (let depth = 0; depth < 5; depth++) {
      const bytes = await reader.read(path);
      if (bytes === undefined) break;
      const text = withoutComments(decodeText(bytes) ?? '');
      const found = option.exec(text)?.[1]?.toLowerCase();
      if (found !== undefined) return found;
      const base = /"extends"\s*:\s*"(\.[^"]*)"/.exec(text)?.[1];
      if (base === undefined) return undefined;
      path = join(path, '..', base.endsWith('.json') ? base : `${base}.json`);
    }
  }
  return undefined;
}

/** tsconfig.json allows comments; strings are kept whole, so that `"@/*"` opens none. */
export function withoutComments(text: string): string {
  return text.replace(/"(?:\\.|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (match) =>
    match.startsWith('"') ? match : '',
  );
}
