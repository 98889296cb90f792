/** Finds lines that hold a value or name a variable, in every text file of the workspace, hidden folders included. */
import { basename, join } from 'node:path';
import { throwIfCancelled } from '../base/errors.ts';
import type { FileReader } from '../base/ports.ts';
import { valueForms } from '../base/valueForms.ts';
import { isBelow } from './gitignore.ts';
import { decodeText } from './textFiles.ts';

export interface LeftoverRequest {
  readonly roots: readonly string[];
  /** Secret. Also found in base64, as in Kubernetes manifests. */
  readonly values: readonly string[];
  readonly variables: readonly string[];
}

export type LeftoverPlace = 'ci' | 'container' | 'editor' | 'document' | 'environment' | 'infrastructure' | 'code';

export interface Leftover {
  readonly kind: 'value' | 'variable';
  readonly place: LeftoverPlace;
  /** Absolute. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** Other people's code, what tools make, and version control's own files, which are searched in another way. */
const ignoredFolders = new Set([
  ...['node_modules', 'bower_components', 'vendor', 'dist', 'build', 'out', 'coverage', 'obj', 'target'],
  ...['.git', '.hg', '.svn', '.next', '.nuxt', '.cache', '.yarn', '.pnpm-store', '.venv', '.vscode-test', '.turbo'],
]);
/** Larger files are data. */
const maximumSize = 1024 * 1024;
/** A link to a folder above itself would be walked for ever. */
const maximumDepth = 40;
/** A file that says it more often is told by its first lines. */
const mostInFile = 10;
/** Shorter values would be found in every other word. */
const shortestValue = 8;

const places: readonly (readonly [LeftoverPlace, RegExp])[] = [
  [
    'ci',
    /[\\/]\.(?:github|circleci|gitlab|buildkite|azuredevops|azure-pipelines)[\\/]|(?:^|[\\/])(?:azure-pipelines[^\\/]*\.ya?ml|\.gitlab-ci\.ya?ml|\.travis\.yml|Jenkinsfile|bitbucket-pipelines\.ya?ml|appveyor\.yml|\.drone\.ya?ml)$/i,
  ],
  [
    'container',
    /(?:^|[\\/])(?:(?:docker-)?compose[^\\/]*\.ya?ml|Dockerfile[^\\/]*|[^\\/]*\.dockerfile)$|[\\/](?:k8s|helm|charts?)[\\/]/i,
  ],
  ['editor', /[\\/]\.(?:vscode|idea)[\\/]|\.code-workspace$/i],
  [
    'environment',
    /(?:^|[\\/])(?:\.env[^\\/]*|[^\\/]*\.env|local\.settings\.json|appsettings[^\\/]*\.json|\.envrc|web\.config)$/i,
  ],
  [
    'infrastructure',
    /\.(?:tf|tfvars|bicep|bicepparam)$|[\\/](?:infra|terraform|deploy(?:ment)?)[\\/]|(?:^|[\\/])azure\.ya?ml$/i,
  ],
  ['document', /\.(?:md|mdx|txt|rst|adoc|html?)$/i],
];

/** Sorted by file and line. @throws CancelledError */
export async function findLeftovers(
  { roots, values, variables }: LeftoverRequest,
  reader: FileReader,
  signal?: AbortSignal,
): Promise<Leftover[]> {
  const wanted = values.filter((value) => value.length >= shortestValue).flatMap(valueForms);
  const names = variables.map(
    (name) => new RegExp(String.raw`(?<![\w-])${name.replace(/\W/g, String.raw`\$&`)}(?![\w-])`),
  );
  if (wanted.length === 0 && names.length === 0) return [];
  const found: Leftover[] = [];
  const outer = [...new Set(roots)].filter((root) => !roots.some((other) => other !== root && isBelow(root, other)));
  const queue = outer.map((path) => ({ path, depth: 0 }));
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    throwIfCancelled(signal);
    for (const { name, kind } of await orNothing(reader.list(folder.path), [])) {
      const path = join(folder.path, name);
      if (kind === 'folder') {
        if (!ignoredFolders.has(name) && folder.depth < maximumDepth) queue.push({ path, depth: folder.depth + 1 });
      } else {
        const text = await textOf(path, reader);
        if (text !== undefined) found.push(...inText(path, text, wanted, names));
      }
    }
  }
  return found.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}

function inText(file: string, text: string, values: readonly string[], names: readonly RegExp[]): Leftover[] {
  const holds = values.some((value) => text.includes(value)) || names.some((name) => name.test(text));
  if (!holds) return [];
  const place = placeOf(file);
  const found: Leftover[] = [];
  text.split(/\r\n|\n|\r/).forEach((line, index) => {
    const kind = values.some((value) => line.includes(value))
      ? 'value'
      : names.some((name) => name.test(line))
        ? 'variable'
        : undefined;
    if (kind !== undefined && found.length < mostInFile) found.push({ kind, place, file, line: index + 1 });
  });
  return found;
}

function placeOf(file: string): LeftoverPlace {
  return places.find(([, pattern]) => pattern.test(file) || pattern.test(basename(file)))?.[0] ?? 'code';
}

async function textOf(path: string, reader: FileReader): Promise<string | undefined> {
  const facts = await orNothing(reader.stat(path), undefined);
  if (facts?.kind !== 'file' || facts.size === 0 || facts.size > maximumSize) return undefined;
  const bytes = await orNothing(reader.read(path), undefined);
  if (bytes === undefined || bytes.subarray(0, 8_000).includes(0)) return undefined;
  return decodeText(bytes);
}

/** What may not be read is not ours to clean up. */
async function orNothing<T>(reading: Promise<T>, nothing: T): Promise<T> {
  try {
    return await reading;
  } catch {
    return nothing;
  }
}
