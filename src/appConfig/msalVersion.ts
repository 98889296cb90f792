/** Which msal-node an app really runs with, and what that version can do. */
import { dirname, join, relative, sep } from 'node:path';
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';
import type { FileReader } from '../base/ports.ts';
import { decodeText } from './textFiles.ts';
import { lockedVersion, lockFileNames } from './lockFiles.ts';
import type { MsalVersion } from './types.ts';
import { atLeast, isVersion, rangeFloor } from './versions.ts';

/** First version with `thumbprintSha256`; below it the property is ignored and the token request fails (facts/failure-modes.md F33). */
export const firstWithSha256 = '2.11.0';
/** Sends no client assertion at all (facts/failure-modes.md F32). */
export const brokenVersion = '2.8.0';

/** The parts of a package.json this room looks at. */
export interface PackageJson {
  readonly path: string;
  readonly folder: string;
  readonly json: {
    readonly name?: unknown;
    readonly type?: unknown;
    readonly version?: unknown;
    readonly packageManager?: unknown;
    readonly engines?: Readonly<Record<string, unknown>>;
    readonly volta?: Readonly<Record<string, unknown>>;
    readonly workspaces?: unknown;
    readonly scripts?: Readonly<Record<string, unknown>>;
    readonly dependencies?: Readonly<Record<string, unknown>>;
    readonly devDependencies?: Readonly<Record<string, unknown>>;
    readonly peerDependencies?: Readonly<Record<string, unknown>>;
    readonly optionalDependencies?: Readonly<Record<string, unknown>>;
  };
}

/** The folders from `folder` up to the file system's root, as Node's module resolution walks them. */
export function* foldersUpwards(folder: string): Generator<string> {
  for (let current = folder; ;) {
    yield current;
    const parent = dirname(current);
    if (parent === current) return;
    current = parent;
  }
}

/** The nearest package.json at or above a folder; one that does not parse counts as empty. */
export async function nearestPackageJson(folder: string, reader: FileReader): Promise<PackageJson | undefined> {
  for (const current of foldersUpwards(folder)) {
    const path = join(current, 'package.json');
    const bytes = await reader.read(path);
    if (bytes !== undefined) return { path, folder: current, json: parseJsonObject(bytes) };
  }
  return undefined;
}

function parseJsonObject(bytes: Uint8Array): PackageJson['json'] {
  try {
    const parsed: unknown = JSON.parse((decodeText(bytes) ?? '').replace(/^\uFEFF/, ''));
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

/** The range of a dependency in package.json, of whichever kind. */
export function dependencyRange(json: PackageJson['json'], name: string): string | undefined {
  for (const group of [json.dependencies, json.devDependencies, json.optionalDependencies, json.peerDependencies]) {
    const range = group?.[name];
    if (typeof range === 'string') return range;
  }
  return undefined;
}

/**
 * The msal-node that a file's app runs with: the installed package as Node would find it from the file's folder
 * (hoisted and pnpm layouts too), else what the lock file has chosen, else the floor of the range in package.json.
 * @param folder absolute folder of the file with the config
 */
export async function findMsalVersion(folder: string, reader: FileReader): Promise<MsalVersion> {
  const declaring = await declaringPackage(folder, reader);
  const known = declaring === undefined ? {} : { packageJson: declaring.path };
  for (const current of foldersUpwards(folder)) {
    const bytes = await reader.read(join(current, 'node_modules', '@azure', 'msal-node', 'package.json'));
    const version = bytes === undefined ? undefined : parseJsonObject(bytes).version;
    if (typeof version === 'string' && isVersion(version)) return { version, source: 'installed', ...known };
  }
  if (declaring === undefined) return { source: 'unknown' };
  const range = dependencyRange(declaring.json, '@azure/msal-node');
  const locked = await versionFromLock(declaring.folder, range, reader);
  if (locked !== undefined) return { version: locked, source: 'lockFile', ...known };
  const floor = range === undefined ? undefined : rangeFloor(range);
  if (floor === undefined) return { source: 'unknown', ...known };
  return { version: floor, source: 'range', ...(floor === range ? { exact: true as const } : {}), ...known };
}

/** The nearest package.json that names msal-node, else the nearest one. */
async function declaringPackage(folder: string, reader: FileReader): Promise<PackageJson | undefined> {
  let nearest: PackageJson | undefined;
  for (let from = folder; ;) {
    const found = await nearestPackageJson(from, reader);
    if (found === undefined) return nearest;
    if (dependencyRange(found.json, '@azure/msal-node') !== undefined) return found;
    nearest ??= found;
    const parent = dirname(found.folder);
    if (parent === found.folder) return nearest;
    from = parent;
  }
}

async function versionFromLock(appRoot: string, range: string | undefined, reader: FileReader) {
  for (const folder of foldersUpwards(appRoot)) {
    for (const name of lockFileNames) {
      const bytes = await reader.read(join(folder, name));
      if (bytes === undefined) continue;
      const query = { folder: relative(folder, appRoot).split(sep).join('/') };
      const text = decodeText(bytes) ?? '';
      const version = lockedVersion(name, text, range === undefined ? query : { ...query, range });
      if (version !== undefined) return version;
    }
  }
  return undefined;
}

/**
 * The property for the thumbprint that works with a version of msal-node. An unknown version gets `thumbprint` (SHA-1):
 * every version but 2.8.0 understands it, while `thumbprintSha256` fails below 2.11.0 (facts/failure-modes.md 3.2).
 * @throws ExpectedError `msal-node-2-8-0`
 */
export function thumbprintProperty(msal: MsalVersion): 'thumbprint' | 'thumbprintSha256' {
  if (msal.version === undefined) return 'thumbprint';
  if (isBrokenVersion(msal)) {
    throw new ExpectedError(
      'msal-node-2-8-0',
      l10n.t(
        'This app uses @azure/msal-node 2.8.0. That version sends no client assertion, so sign-in with a certificate fails with AADSTS7000216. Install a later version (npm install @azure/msal-node@latest), then run this command again.',
      ),
      msal.packageJson === undefined ? {} : { file: msal.packageJson },
    );
  }
  return atLeast(msal.version, firstWithSha256) ? 'thumbprintSha256' : 'thumbprint';
}

/** True where the app will run msal-node 2.8.0; the floor of a range says nothing of the kind. */
export function isBrokenVersion(msal: MsalVersion): boolean {
  return msal.version === brokenVersion && (msal.source !== 'range' || msal.exact === true);
}
