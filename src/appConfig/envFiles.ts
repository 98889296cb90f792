/** Which `.env` files an app loads, in which order, and which of them sets a variable. */
import { basename, dirname, join, relative, sep } from 'node:path';
import { isExpectedError } from '../base/errors.ts';
import type { FileReader } from '../base/ports.ts';
import { parseEnv } from './dotenv.ts';
import { envLoadTexts } from './envLoads.ts';
import { isBelow } from './gitignore.ts';
import { loadsIn, type KnownLoads } from './knownLoads.ts';
import type { PackageJson } from './msalVersion.ts';
import type { EnvPath } from './paths.ts';
import type { FoundFile } from './search.ts';
import { decodeText } from './textFiles.ts';
import { createTurns } from './turns.ts';

/** What is known of an app before its `.env` files are looked for. */
export interface EnvApp {
  /** The file with the config, absolute. */
  readonly file: string;
  readonly appRoot: string;
  readonly packageJson: PackageJson | undefined;
  readonly roots: readonly string[];
}

/** One `.env` file that the app loads or probably loads. */
export interface EnvCandidate {
  readonly path: string;
  /** Who loads it; `presumed`: nothing visible does, but it lies where such files lie. */
  readonly by: 'code' | 'script' | 'framework' | 'presumed';
  /** The loader is dotenv-expand: `$` in values has a meaning. */
  readonly expands: boolean;
  /** The loader takes it from the folder the app is started in, so that this folder is known to be the `.env` file's own. */
  readonly inStartFolder: boolean;
}

/** The app's `.env` as this room uses it. */
export interface EnvSetting {
  /** In the order of loading: what an earlier one sets, holds. */
  readonly candidates: readonly EnvCandidate[];
  /** True when something visible loads `.env` files. */
  readonly loaded: boolean;
  /** Text of every candidate that exists and is UTF-8. */
  readonly texts: ReadonlyMap<string, string>;
  /** What one of the files sets. */
  readonly valuesOf: (path: string) => ReadonlyMap<string, string>;
  /** Value of a variable in the files as the app would see it. */
  readonly value: (name: string) => string | undefined;
}

/** Frameworks that load `.env` files without a line of code, with the files in the order that wins, and whether they expand `$`. */
const frameworks: readonly { dependency: RegExp; files: readonly string[]; expands: boolean }[] = [
  {
    dependency: /^next$/,
    files: ['.env.development.local', '.env.local', '.env.development', '.env'],
    expands: true,
  },
  {
    dependency: /^(?:vite|@sveltejs\/kit|astro|@remix-run\/dev|react-scripts)$/,
    files: ['.env.development.local', '.env.development', '.env.local', '.env'],
    expands: true,
  },
  { dependency: /^nuxt$/, files: ['.env'], expands: false },
];

const ofLaunchers =
  /(?:--env-file(?:-if-exists)?[= ]|dotenv_config_path=|\b(?:dotenv|dotenvx run)\b[^&|;]*? (?:-e|-f) |\benv-cmd\b[^&|;]*? -f )["']?([^\s"']+)/g;

/**
 * Finds the `.env` files of an app: loads in its code, in its package.json scripts, by its framework, and by custom.
 * @param known loads that were found before, and what is found now
 */
export async function findEnvFiles(
  app: EnvApp,
  sources: readonly FoundFile[],
  reader: FileReader,
  known: KnownLoads = new Map(),
): Promise<EnvSetting> {
  const found = [...(await codeCandidates(app, sources, known)), ...scriptCandidates(app), ...frameworkCandidates(app)];
  const loaded = found.length > 0;
  for (const folder of customFolders(app)) {
    for (const name of ['.env.local', '.env', '.env.development.local', '.env.development']) {
      found.push({ path: join(folder, name), by: 'presumed', expands: false, inStartFolder: folder === app.appRoot });
    }
  }
  const candidates = found.filter((each, index) => found.findIndex((other) => other.path === each.path) === index);
  const texts = new Map<string, string>();
  for (const { path } of candidates) {
    const bytes = await reader.read(path).catch((error: unknown) => {
      // A folder of this name (Python has such) is no matter; a file that only others may read may hold the secret, and so may
      // a named pipe, as which some password managers hand out the variables.
      if (isExpectedError(error) && ['permission-denied', 'not-a-file'].includes(error.code)) throw error;
      return undefined;
    });
    const text = bytes === undefined ? undefined : decodeText(bytes);
    if (text !== undefined) texts.set(path, text);
  }
  const values = valuesInOrder(candidates, texts);
  return {
    candidates,
    loaded,
    texts,
    valuesOf: (path) => ownValues(texts.get(path)),
    value: (name) => values.get(name),
  };
}

/** dotenv and Node keep what is set already, so the first file that sets a variable wins. */
function valuesInOrder(candidates: readonly EnvCandidate[], texts: ReadonlyMap<string, string>): Map<string, string> {
  const values = new Map<string, string>();
  for (const { path } of candidates) {
    for (const [name, value] of ownValues(texts.get(path))) if (!values.has(name)) values.set(name, value);
  }
  return values;
}

function ownValues(text: string | undefined): Map<string, string> {
  return new Map(entriesOf(text).map(({ name, value }) => [name, value]));
}

function entriesOf(text: string | undefined): ReturnType<typeof parseEnv> {
  try {
    return text === undefined ? [] : parseEnv(text);
  } catch {
    // Too large to be a .env file: nothing can be said about it.
    return [];
  }
}

/** The config's own file first, then the app's other files: the start file is often another one. */
async function codeCandidates(app: EnvApp, sources: readonly FoundFile[], known: KnownLoads): Promise<EnvCandidate[]> {
  const own = sources.filter(({ path }) => path === app.file || isBelow(path, app.appRoot));
  const ordered = [...own].sort((a, b) => Number(b.path === app.file) - Number(a.path === app.file));
  const candidates: EnvCandidate[] = [];
  const turns = createTurns();
  for (const file of ordered) {
    if (file.path.endsWith('.json') || !envLoadTexts.some((each) => file.text.includes(each))) continue;
    for (const load of await loadsIn(file, known, turns)) {
      for (const each of load.paths ?? []) candidates.push(...resolved(app, each, load.expands));
      // A computed path: some file in the app's root, which is looked up by custom below.
      if (load.paths === undefined) candidates.push(...resolved(app, { from: 'cwd', path: '.env' }, load.expands));
    }
  }
  return candidates;
}

/** npm and most hosts start an app in the folder of its package.json; in a monorepo it can be the workspace's. */
function resolved(app: EnvApp, path: EnvPath, expands: boolean): EnvCandidate[] {
  if (path.from === 'file') return [{ path: path.path, by: 'code', expands, inStartFolder: false }];
  const inStartFolder = basename(path.path) === path.path.replace(/^\.[\\/]/, '');
  return startFolders(app).map((folder) => ({ path: join(folder, path.path), by: 'code', expands, inStartFolder }));
}

function startFolders(app: EnvApp): string[] {
  return [app.appRoot, ...app.roots.filter((root) => root !== app.appRoot && isBelow(app.appRoot, root))];
}

function scriptCandidates(app: EnvApp): EnvCandidate[] {
  const candidates: EnvCandidate[] = [];
  for (const script of Object.values(app.packageJson?.json.scripts ?? {})) {
    if (typeof script !== 'string') continue;
    const path = (relativePath: string): EnvCandidate => ({
      path: join(app.appRoot, relativePath),
      by: 'script',
      expands: false,
      inStartFolder: basename(relativePath) === relativePath.replace(/^\.[\\/]/, ''),
    });
    const named = [...script.matchAll(ofLaunchers)].map((match) => path(match[1] ?? ''));
    candidates.push(...named);
    const implicit =
      /(?:-r|--require|--import)[= ]["']?dotenv\/config|\b(?:dotenvx run|dotenv|env-cmd)\s|^\s*bun\s|\bbun run\b/;
    if (named.length === 0 && implicit.test(script)) candidates.push(path('.env'));
  }
  return candidates;
}

function frameworkCandidates(app: EnvApp): EnvCandidate[] {
  const framework = frameworkOf(app.packageJson);
  return (framework?.files ?? []).map((name) => ({
    path: join(app.appRoot, name),
    by: 'framework',
    expands: framework?.expands === true,
    inStartFolder: true,
  }));
}

function frameworkOf(packageJson: PackageJson | undefined): (typeof frameworks)[number] | undefined {
  const names = [packageJson?.json.dependencies, packageJson?.json.devDependencies].flatMap((group) =>
    Object.keys(group ?? {}),
  );
  return frameworks.find(({ dependency }) => names.some((name) => dependency.test(name)));
}

/** From the config's own folder up to the workspace folder that holds it. */
function customFolders(app: EnvApp): string[] {
  const top = app.roots.find((root) => isBelow(app.file, root)) ?? app.appRoot;
  const folders: string[] = [];
  for (let folder = dirname(app.file); isBelow(folder, top); folder = dirname(folder)) {
    folders.push(folder);
    if (dirname(folder) === folder) break;
  }
  // The app's root is the usual place; a folder below it comes last.
  return folders.sort((a, b) => Number(b === app.appRoot) - Number(a === app.appRoot));
}

/** Where a variable is set. */
export interface EnvPlace {
  readonly candidate: EnvCandidate;
  /** 1-based; absent when the file does not set the variable or does not exist. */
  readonly line?: number;
}

/**
 * The file that sets the variable; else the one where new variables belong: the first loaded one that exists, or would be
 * made. Undefined where nothing loads `.env` files and none sets the variable.
 */
export function placeOf(setting: EnvSetting, variable: string | undefined): EnvPlace | undefined {
  for (const candidate of setting.candidates) {
    if (variable === undefined) break;
    const entry = entriesOf(setting.texts.get(candidate.path)).findLast(({ name }) => name === variable);
    if (entry !== undefined) return { candidate, line: entry.line };
  }
  const loaded = setting.candidates.filter(({ by }) => by !== 'presumed');
  const candidate = loaded.find(({ path }) => setting.texts.has(path)) ?? toMake(loaded);
  return candidate === undefined ? undefined : { candidate };
}

/** Files for one machine are named `.local`; where the loader knows none it is the first it looks for. */
function toMake(loaded: readonly EnvCandidate[]): EnvCandidate | undefined {
  return loaded.find(({ path }) => basename(path) === '.env.local') ?? loaded[0];
}

/** What a relative key path counts from, as the code side wants it: the `.env` file's folder. */
export function keyPathBase(app: EnvApp, candidate: EnvCandidate): 'cwd' | { relativeFolder: string } {
  const folder = dirname(candidate.path);
  if (candidate.inStartFolder || (candidate.by === 'presumed' && folder === app.appRoot)) return 'cwd';
  const way = relative(dirname(app.file), folder).split(sep).join('/');
  return { relativeFolder: way === '' ? '.' : way };
}

/** True for a framework that bundles the code, so that a path built from a file's own place would lead nowhere. */
export function isBundled(packageJson: PackageJson | undefined): boolean {
  return frameworkOf(packageJson) !== undefined;
}
