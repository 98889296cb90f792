/** What lies around a file with a config: its package, its msal-node, its `.env` files, who imports it. */
import { dirname } from 'node:path';
import type { FileReader } from '../base/ports.ts';
import { findConfigImports, parseSource } from './code.ts';
import type { ParsedSource, SiteHints } from './code.types.ts';
import { findEnvFiles, type EnvApp, type EnvSetting } from './envFiles.ts';
import { reexportsOf } from './exports.ts';
import { isBelow } from './gitignore.ts';
import type { KnownLoads } from './knownLoads.ts';
import { findImported, resolveImport } from './moduleFiles.ts';
import { findMsalVersion, nearestPackageJson } from './msalVersion.ts';
import type { FoundFile } from './search.ts';
import { decodeText } from './textFiles.ts';
import type { MsalVersion } from './types.ts';

/** A file of the workspace with everything about its app that its configs need. */
export interface AppContext extends EnvApp {
  readonly env: EnvSetting;
  readonly msal: MsalVersion;
}

/** Bytes that every file with a config, or with a client made from one, holds at least one of. */
export const configTexts = [
  'lientSecret',
  'lientCertificate',
  'lientAssertion',
  'ConfidentialClientApplication',
] as const;

/** A file's package, and the folder whose files can tell how the app starts. */
export async function readApp(
  file: string,
  roots: readonly string[],
  reader: FileReader,
): Promise<EnvApp & { readonly searchRoot: string }> {
  const folder = dirname(file);
  const packageJson = await nearestPackageJson(folder, reader);
  const root = roots.filter((each) => isBelow(file, each)).sort((a, b) => b.length - a.length)[0];
  const appRoot = packageJson?.folder ?? root ?? folder;
  // A package.json above the opened folder belongs to it as well: a monorepo's app can be opened on its own.
  const searchRoot = root !== undefined && isBelow(root, appRoot) ? root : appRoot;
  return { file, appRoot, packageJson, roots, searchRoot };
}

/**
 * Looks up what lies around a file.
 * @param sources files that load `.env` files (they hold one of `envLoadTexts`), from a search of the app or more
 * @param known what was read of them before, and is read now
 */
export async function readContext(
  app: EnvApp,
  sources: readonly FoundFile[],
  reader: FileReader,
  known?: KnownLoads,
): Promise<AppContext> {
  const [env, msal] = await Promise.all([
    findEnvFiles(app, sources, reader, known),
    findMsalVersion(dirname(app.file), reader),
  ]);
  return { ...app, env, msal };
}

/** Parses without an error: undefined for a file that cannot be read as code. */
export function parseQuietly(file: FoundFile): ParsedSource | undefined {
  try {
    return parseSource(file.text, file.path);
  } catch {
    return undefined;
  }
}

/**
 * Which exports of which file reach a confidential client in another file. Files that only hand on what they import (`index.ts`) are
 * looked into.
 * @param known whether a path is one of the files that hints are wanted for
 */
export async function readHints(
  sources: Iterable<ParsedSource>,
  known: (path: string) => boolean,
  reader: FileReader,
): Promise<Map<string, SiteHints>> {
  const names = new Map<string, string[]>();
  const add = (path: string, name: string): void => {
    names.set(path, [...(names.get(path) ?? []), name]);
  };
  for (const source of sources) {
    if (source.language === 'json') continue;
    for (const { specifier, exportedName } of findConfigImports(source)) {
      const target = resolveImport(source.fileName, specifier, known);
      if (target !== undefined) add(target, exportedName);
      for (const { path, name } of await handedOn(source.fileName, specifier, exportedName, known, reader))
        add(path, name);
    }
  }
  return new Map([...names].map(([path, configExports]) => [path, { configExports }]));
}

/** Where a name that a file exports comes from, when it only hands it on. */
async function handedOn(
  from: string,
  specifier: string,
  wanted: string,
  known: (path: string) => boolean,
  reader: FileReader,
): Promise<{ path: string; name: string }[]> {
  const path = await findImported(from, specifier, reader);
  const bytes =
    path === undefined || path.endsWith('.json') ? undefined : await reader.read(path).catch(() => undefined);
  const text = bytes === undefined ? undefined : decodeText(bytes);
  const barrel = path !== undefined && text?.includes('from') === true ? parseQuietly({ path, text }) : undefined;
  if (barrel === undefined) return [];
  return reexportsOf(barrel).flatMap(({ specifier: next, exported, imported }) => {
    if (exported !== '*' && exported !== wanted) return [];
    const target = resolveImport(barrel.fileName, next, known);
    return target === undefined ? [] : [{ path: target, name: imported === '*' ? wanted : imported }];
  });
}
