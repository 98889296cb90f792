/** Which packages an app lacks for code that is about to be written, and how its own package manager installs them. */
import { join } from 'node:path';
import type { FileReader } from '../base/ports.ts';
import { findNodeMajor } from './nodeVersion.ts';
import { dependencyRange, foldersUpwards, nearestPackageJson, type PackageJson } from './msalVersion.ts';
import { decodeText } from './textFiles.ts';
import type { NeededPackage, PackageInstall, PackageManager } from './types.ts';

/** Packages of the vault kinds. */
export type VaultPackage =
  | '@azure/identity'
  | '@azure/keyvault-certificates'
  | '@azure/keyvault-secrets'
  | '@azure/keyvault-keys'
  | 'node-forge'
  | '@types/node-forge';

/**
 * Ranges by the lowest Node that their newest version runs on (`engines` on the npm registry, November 2026). The SDKs raise
 * that Node within a major version, so that a caret would take an app on Node 20 to a version for Node 22.
 */
const ranges: readonly { readonly node: number; readonly ranges: Readonly<Record<VaultPackage, string>> }[] = [
  {
    node: 22,
    ranges: {
      '@azure/identity': '^4.14.1',
      '@azure/keyvault-certificates': '^4.10.3',
      '@azure/keyvault-secrets': '^4.12.0',
      '@azure/keyvault-keys': '^4.10.2',
      'node-forge': '^1.4.3',
      '@types/node-forge': '^1.3.14',
    },
  },
  {
    node: 20,
    ranges: {
      '@azure/identity': '~4.12.0',
      '@azure/keyvault-certificates': '~4.10.3',
      '@azure/keyvault-secrets': '~4.11.2',
      '@azure/keyvault-keys': '~4.10.2',
      'node-forge': '^1.4.3',
      '@types/node-forge': '^1.3.14',
    },
  },
  {
    node: 18,
    ranges: {
      '@azure/identity': '~4.9.1',
      '@azure/keyvault-certificates': '~4.9.0',
      '@azure/keyvault-secrets': '~4.9.0',
      '@azure/keyvault-keys': '~4.9.0',
      'node-forge': '^1.4.3',
      '@types/node-forge': '^1.3.14',
    },
  },
  {
    node: 0,
    ranges: {
      '@azure/identity': '^3.4.2',
      '@azure/keyvault-certificates': '~4.7.0',
      '@azure/keyvault-secrets': '~4.7.0',
      '@azure/keyvault-keys': '~4.7.0',
      'node-forge': '^1.4.3',
      '@types/node-forge': '^1.3.14',
    },
  },
];

/**
 * What is missing; undefined where nothing is. A package counts as there when a package.json from the folder upwards declares
 * it: one that merely lies in node_modules belongs to another package and can go with it.
 * @param folder absolute folder of the file that will import the packages
 */
export async function planInstall(
  folder: string,
  wanted: readonly VaultPackage[],
  reader: FileReader,
): Promise<PackageInstall | undefined> {
  const nearest = await nearestPackageJson(folder, reader);
  const declared = await declaredAbove(folder, reader);
  const missing = wanted.filter((name) => !declared.some(({ json }) => dependencyRange(json, name) !== undefined));
  if (missing.length === 0) return undefined;
  const node = await findNodeMajor(folder, declared, reader);
  const row = ranges.find((each) => node >= each.node)?.ranges;
  const packages = missing.map((name): NeededPackage => ({
    name,
    range: row?.[name] ?? 'latest',
    ...(name.startsWith('@types/') ? { dev: true as const } : {}),
  }));
  const home = nearest?.folder ?? folder;
  const manager = await findManager(home, reader);
  const specs = (dev: boolean): string[] =>
    packages.filter((each) => (each.dev === true) === dev).map(({ name, range }) => `${name}@${range}`);
  const [plain, dev] = [specs(false), specs(true)];
  const { add, flags, devFlag } = argumentsOf(manager);
  const command = (names: readonly string[], isDev: boolean): string[] => [
    add,
    ...flags,
    ...(isDev ? [devFlag] : []),
    ...names,
  ];
  return {
    manager: manager.name,
    folder: home,
    packages,
    ...(plain.length === 0
      ? { args: command(dev, true) }
      : { args: command(plain, false), ...(dev.length === 0 ? {} : { devArgs: command(dev, true) }) }),
  };
}

async function declaredAbove(folder: string, reader: FileReader): Promise<PackageJson[]> {
  const found: PackageJson[] = [];
  for (const current of foldersUpwards(folder)) {
    const each = await nearestPackageJson(current, reader);
    if (each === undefined) break;
    if (!found.some(({ path }) => path === each.path)) found.push(each);
  }
  return found;
}

interface Manager {
  readonly name: PackageManager;
  /** The folder is the root of a workspace, where these managers ask for a flag. */
  readonly atWorkspaceRoot: boolean;
  /** Yarn 1. */
  readonly classic: boolean;
}

const lockFiles: readonly (readonly [string, PackageManager])[] = [
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
];

/** The `packageManager` field (Corepack) before the lock file, the nearest folder before those above; npm where nothing tells. */
async function findManager(folder: string, reader: FileReader): Promise<Manager> {
  for (const current of foldersUpwards(folder)) {
    const here = await nearestPackageJson(current, reader);
    const json = here?.folder === current ? here.json : undefined;
    const names = new Set((await reader.list(current)).map(({ name }) => name));
    const [, named, major] = /^(npm|pnpm|yarn|bun)@(\d+)/.exec(textOf(json?.packageManager)) ?? [];
    const locked = lockFiles.find(([file]) => names.has(file))?.[1];
    const name = (named as PackageManager | undefined) ?? locked;
    if (name === undefined) continue;
    const isRoot = json?.workspaces !== undefined || names.has('pnpm-workspace.yaml');
    const classic = major === undefined ? await isYarnClassic(current, names, reader) : Number(major) === 1;
    return { name, classic, atWorkspaceRoot: isRoot && current === folder };
  }
  return { name: 'npm', classic: false, atWorkspaceRoot: false };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

async function isYarnClassic(folder: string, names: ReadonlySet<string>, reader: FileReader): Promise<boolean> {
  if (names.has('.yarnrc.yml') || !names.has('yarn.lock')) return false;
  const bytes = await reader.read(join(folder, 'yarn.lock'));
  return (decodeText(bytes ?? new Uint8Array()) ?? '').includes('# yarn lockfile v1');
}

function argumentsOf({ name, atWorkspaceRoot, classic }: Manager): { add: string; flags: string[]; devFlag: string } {
  switch (name) {
    case 'npm':
      return { add: 'install', flags: [], devFlag: '--save-dev' };
    case 'pnpm':
      return { add: 'add', flags: atWorkspaceRoot ? ['--workspace-root'] : [], devFlag: '--save-dev' };
    case 'yarn':
      return { add: 'add', flags: atWorkspaceRoot && classic ? ['-W'] : [], devFlag: '--dev' };
    case 'bun':
      return { add: 'add', flags: [], devFlag: '--dev' };
  }
}
