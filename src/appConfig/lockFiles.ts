/** Which version of a package a lock file has chosen. Read as text: no package manager is run. */
import { isVersion } from './versions.ts';

const packageName = '@azure/msal-node';

/** What to look up: the package's folder below the lock file's, and the range its package.json names. */
export interface LockQuery {
  /** Folder of the app below the lock file's folder, with `/`; empty for that folder itself. */
  readonly folder: string;
  readonly range?: string;
}

/** Names of lock files that {@link lockedVersion} reads, best first; Bun's binary `bun.lockb` is not read. */
export const lockFileNames = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
] as const;
export type LockFileName = (typeof lockFileNames)[number];

/**
 * Version of `@azure/msal-node` that the lock file has for the app; undefined when it names none or cannot be read.
 * npm: lockfileVersion 1, 2 and 3. Yarn: 1 and Berry. pnpm: lockfileVersion 5 to 9. Bun: text format.
 */
export function lockedVersion(name: LockFileName, text: string, query: LockQuery): string | undefined {
  const version = readers[name](text, query);
  return version !== undefined && isVersion(version) ? version : undefined;
}

const readers: Record<LockFileName, (text: string, query: LockQuery) => string | undefined> = {
  'package-lock.json': npmVersion,
  'npm-shrinkwrap.json': npmVersion,
  'pnpm-lock.yaml': pnpmVersion,
  'yarn.lock': yarnVersion,
  'bun.lock': bunVersion,
};

interface NpmLock {
  readonly packages?: Record<string, { version?: unknown } | undefined>;
  readonly dependencies?: Record<string, { version?: unknown } | undefined>;
}

function npmVersion(text: string, query: LockQuery): string | undefined {
  let lock: NpmLock | null;
  try {
    lock = JSON.parse(text) as NpmLock | null;
  } catch {
    return undefined;
  }
  // Node's own resolution: the app's folder first, then every folder above it.
  for (const folder of upwards(query.folder)) {
    const found = lock?.packages?.[`${folder === '' ? '' : `${folder}/`}node_modules/${packageName}`]?.version;
    if (typeof found === 'string') return found;
  }
  const version1 = lock?.dependencies?.[packageName]?.version;
  return typeof version1 === 'string' ? version1 : undefined;
}

/** Entries begin at column 0 with their descriptors and hold `version "1.2.3"` (Yarn 1) or `version: 1.2.3` (Berry). */
function yarnVersion(text: string, query: LockQuery): string | undefined {
  const entries: { descriptors: string[]; version: string }[] = [];
  let descriptors: string[] | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^["@\w]/.test(line)) {
      const names = line.replace(/:\s*$/, '').replaceAll('"', '').split(/,\s*/);
      descriptors = names.some((name) => name.startsWith(`${packageName}@`)) ? names : undefined;
      continue;
    }
    const version = /^ {2}version:? "?([^"\s]+)"?\s*$/.exec(line)?.[1];
    if (descriptors !== undefined && version !== undefined) entries.push({ descriptors, version });
  }
  const { range } = query;
  const wanted = new Set([`${packageName}@${range ?? ''}`, `${packageName}@npm:${range ?? ''}`]);
  const exact = entries.find((entry) => entry.descriptors.some((descriptor) => wanted.has(descriptor)));
  return (exact ?? only(entries))?.version;
}

/** `importers:` says what each project of the workspace got; without it (one project) the dependencies stand at top level. */
function pnpmVersion(text: string, query: LockQuery): string | undefined {
  const wanted = query.folder === '' ? '.' : query.folder;
  let importer = '.';
  let inImporters = false;
  let inPackage = -1;
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const indent = line.length - line.trimStart().length;
    const [, quotedKey, value] = /^\s*((?:'[^']*'|"[^"]*"|[^\s:'"][^:]*)):(?:\s+(.*))?$/.exec(line) ?? [];
    const key = quotedKey?.replace(/^['"]|['"]$/g, '');
    if (indent === 0) {
      inImporters = key === 'importers';
      if (key === 'packages' || key === 'snapshots') break;
      if (!inImporters) importer = '.';
    } else if (inImporters && indent === 2) importer = key ?? '';
    if (indent <= inPackage) inPackage = -1;
    if (importer !== wanted) continue;
    if (key === packageName) {
      // lockfileVersion 5: the version stands on the line itself; from 6 below it as `version:`.
      if (value !== undefined && value !== '') {
        const found = plainVersion(value);
        if (found !== undefined && isVersion(found)) return found;
      } else inPackage = indent;
    } else if (inPackage >= 0 && key === 'version') return plainVersion(value);
  }
  const all = [...text.matchAll(/^ {2}['"]?\/?@azure\/msal-node[@/]([^\s:'"()_]+)/gm)].map((match) => match[1] ?? '');
  return only([...new Set(all)]);
}

/** Without pnpm's peer suffix: `2.16.3(react@18.0.0)`, `2.16.3_react@18.0.0`. */
function plainVersion(value: string | undefined): string | undefined {
  return value
    ?.trim()
    .replace(/^['"]|['"]$/g, '')
    .replace(/[(_].*$/, '');
}

/** `"packages": { "@azure/msal-node": ["@azure/msal-node@2.16.3", …], "web/@azure/msal-node": […] }`; the key's head is the project's name. */
function bunVersion(text: string, query: LockQuery): string | undefined {
  const found = new Map<string, string>();
  for (const match of text.matchAll(/^\s*"((?:[^"\n]*\/)?)@azure\/msal-node":\s*\["@azure\/msal-node@([^"]+)"/gm)) {
    found.set((match[1] ?? '').replace(/\/$/, ''), match[2] ?? '');
  }
  const project = bunProject(text, query.folder);
  return (project === undefined ? undefined : found.get(project)) ?? found.get('') ?? only([...found.values()]);
}

function bunProject(text: string, folder: string): string | undefined {
  const at = folder === '' ? -1 : text.indexOf(`"${folder}": {`);
  return at < 0 ? undefined : /"name":\s*"([^"]+)"/.exec(text.slice(at, at + 500))?.[1];
}

function only<T>(entries: readonly T[]): T | undefined {
  return entries.length === 1 ? entries[0] : undefined;
}

/** `a/b` → `a/b`, `a`, ``. */
function upwards(folder: string): string[] {
  const parts = folder === '' ? [] : folder.split('/');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('/')).concat('');
}
