/**
 * Finds a value in the history of a git repository by streaming its objects. The value is compared in this process: it never stands on a
 * command line, in an environment or in a file.
 */
import { dirname, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { ExpectedError, isExpectedError } from '../base/errors.ts';
import type { FileReader, ProcessRunner, StreamingRunner } from '../base/ports.ts';
import { valueForms } from '../base/valueForms.ts';
import { isNoWorkTree } from './git.ts';

/** An object of the repository that holds the value. */
export interface HistoryFinding {
  /** Relative to the repository, with `/`; undefined for a commit message and for what no commit reaches any more. */
  readonly file?: string;
  /** Commits that brought the content or took it out, newest first; at most {@link mostCommits}. Empty when none reaches it. */
  readonly commits: readonly string[];
}

export interface HistoryTools {
  readonly processes: ProcessRunner;
  readonly streams: StreamingRunner;
  readonly files: Pick<FileReader, 'stat'>;
}

/** Larger files are data; scanning them would take long and find nothing. */
const largestObject = 5 * 1024 * 1024;
const mostCommits = 20;
/** More places than this are told by their number alone. */
const mostObjects = 50;

/**
 * Every place of the history that holds one of the values. Undefined where there is no repository, or no git to read one.
 * Rejects with `git-history-failed`, also where git refuses the repository or where there is one and no git; CancelledError.
 * @param folder absolute, in or above the work tree
 * @param values secret; also found in base64 and as JSON writes them, as in files
 */
export async function searchHistory(
  folder: string,
  values: readonly string[],
  { processes, streams, files }: HistoryTools,
  signal?: AbortSignal,
): Promise<{ readonly top: string; readonly findings: readonly HistoryFinding[] } | undefined> {
  const git = gitIn(folder, processes, signal);
  const { top, reason } = await git.top();
  if (top === undefined) {
    // Silence would look as if there were nothing left.
    if (await isInRepository(folder, files)) throw refused(folder, reason);
    return undefined;
  }
  const wanted = values
    .filter((value) => value !== '')
    .flatMap((value) => valueForms(value).map((form) => Buffer.from(form)));
  const objects = await candidates(folder, streams, signal);
  const found = await holding(folder, objects, wanted, streams, signal);
  const findings: HistoryFinding[] = [];
  for (const object of found.slice(0, mostObjects)) {
    if (object.type === 'blob') findings.push(...(await git.placesOf(object.id)));
    else findings.push({ commits: [object.id] });
  }
  return { top, findings: merged(findings) };
}

interface GitObject {
  readonly id: string;
  readonly type: string;
}

const environment = { LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' };
const inFolder = (folder: string): string[] => ['-C', folder, '-c', 'core.fsmonitor=false'];

/** All blobs, commits and tags, unreachable ones too: what was rewritten away can still be fetched from the object store. */
async function candidates(folder: string, streams: StreamingRunner, signal?: AbortSignal): Promise<GitObject[]> {
  const format = '--batch-check=%(objectname) %(objecttype) %(objectsize)';
  const objects: GitObject[] = [];
  let rest = '';
  const take = (text: string): void => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [id = '', type = '', size = ''] = line.split(' ');
      if (['blob', 'commit', 'tag'].includes(type) && Number(size) <= largestObject) objects.push({ id, type });
    }
  };
  const { exitCode, stderr } = await streams.stream(
    'git',
    [...inFolder(folder), 'cat-file', '--batch-all-objects', '--unordered', format],
    { env: environment, ...(signal === undefined ? {} : { signal }) },
    (chunk) => take(Buffer.from(chunk).toString('latin1')),
  );
  if (exitCode !== 0) throw failed(folder, stderr);
  return objects;
}

/** Those whose content holds one of the values. */
async function holding(
  folder: string,
  objects: readonly GitObject[],
  values: readonly Buffer[],
  streams: StreamingRunner,
  signal?: AbortSignal,
): Promise<GitObject[]> {
  if (objects.length === 0 || values.length === 0) return [];
  const found: GitObject[] = [];
  const reader = batchReader((id, type, content) => {
    if (values.some((value) => content.includes(value))) found.push({ id, type });
  });
  const { exitCode, stderr } = await streams.stream(
    'git',
    [...inFolder(folder), 'cat-file', '--batch', '--buffer'],
    {
      env: environment,
      input: objects.map(({ id }) => `${id}\n`).join(''),
      ...(signal === undefined ? {} : { signal }),
    },
    reader,
  );
  if (exitCode !== 0) throw failed(folder, stderr);
  return found;
}

/** Reads `<id> <type> <size>\n<content>\n` again and again, however the stream is cut. */
function batchReader(take: (id: string, type: string, content: Buffer) => void): (chunk: Uint8Array) => void {
  let pending: Buffer[] = [];
  let size = 0;
  /** Bytes that the next step needs; a header's end is looked for in what there is. */
  let needed = 1;
  let header: { id: string; type: string; size: number } | undefined;
  return (chunk) => {
    pending.push(Buffer.from(chunk));
    size += chunk.length;
    while (size >= needed) {
      const all = pending.length === 1 ? (pending[0] ?? Buffer.alloc(0)) : Buffer.concat(pending);
      let used: number;
      if (header === undefined) {
        const end = all.indexOf(10);
        if (end < 0) {
          pending = [all];
          needed = size + 1;
          return;
        }
        const [id = '', type = '', length = ''] = all.toString('latin1', 0, end).split(' ');
        // "<id> missing": the object went between the two calls.
        header = type === 'missing' ? undefined : { id, type, size: Number(length) };
        used = end + 1;
        needed = header === undefined ? 1 : header.size + 1;
      } else {
        take(header.id, header.type, all.subarray(0, header.size));
        used = header.size + 1;
        header = undefined;
        needed = 1;
      }
      pending = used < all.length ? [all.subarray(used)] : [];
      size = all.length - used;
    }
  };
}

function gitIn(folder: string, processes: ProcessRunner, signal: AbortSignal | undefined) {
  const run = (args: readonly string[]) =>
    processes.run('git', [...inFolder(folder), ...args], {
      env: environment,
      ...(signal === undefined ? {} : { signal }),
    });
  return {
    /** Of the work tree; else why there is none. */
    async top(): Promise<{ readonly top?: string; readonly reason: string }> {
      try {
        const { exitCode, stdout, stderr } = await run(['rev-parse', '--show-toplevel']);
        if (exitCode === 0) return { top: stdout.replace(/\r?\n$/, ''), reason: '' };
        if (!isNoWorkTree(stderr)) throw refused(folder, stderr);
        return { reason: stderr };
      } catch (error) {
        if (isExpectedError(error) && error.code === 'program-not-found') return { reason: error.message };
        throw error;
      }
    },
    /** Files and commits of a blob. */
    async placesOf(id: string): Promise<HistoryFinding[]> {
      const { exitCode, stdout, stderr } = await run([
        ...['log', '--all', '--no-renames', '-m', '-z', '--raw', '--no-abbrev', '--format=%x01%H'],
        `--find-object=${id}`,
      ]);
      if (exitCode !== 0) throw failed(folder, stderr);
      return placesIn(stdout, id);
    },
  };
}

/** `\x01COMMIT\0` and then, for each file, `:mode mode id id status\0path\0`. */
function placesIn(output: string, id: string): HistoryFinding[] {
  const byFile = new Map<string, Set<string>>();
  for (const block of output.split('\x01').slice(1)) {
    const [commit = '', ...parts] = block.split('\0');
    for (let index = 0; index < parts.length; index++) {
      const part = (parts[index] ?? '').trimStart();
      const file = parts[index + 1];
      if (!part.startsWith(':') || !part.includes(id) || file === undefined) continue;
      byFile.set(file, (byFile.get(file) ?? new Set()).add(commit.trim()));
    }
  }
  if (byFile.size === 0) return [{ commits: [] }];
  return [...byFile].map(([file, commits]) => ({ file, commits: [...commits] }));
}

/** One entry a file. */
function merged(findings: readonly HistoryFinding[]): HistoryFinding[] {
  const byFile = new Map<string, Set<string>>();
  for (const { file = '', commits } of findings) {
    const known = byFile.get(file) ?? new Set<string>();
    for (const commit of commits) known.add(commit);
    byFile.set(file, known);
  }
  return [...byFile].map(([file, commits]) => ({
    ...(file === '' ? {} : { file }),
    commits: [...commits].slice(0, mostCommits),
  }));
}

/** `.git` is a file in worktrees and submodules. */
async function isInRepository(folder: string, files: Pick<FileReader, 'stat'>): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    if ((await files.stat(join(at, '.git'))) !== undefined) return true;
    if (dirname(at) === at) return false;
  }
}

/** Git is not there, or does not look into this repository: its owner is somebody else, or its configuration is damaged. */
function refused(folder: string, said: string): ExpectedError {
  return new ExpectedError(
    'git-history-failed',
    l10n.t(
      'The git history of {0} was not searched, because git cannot read the repository: {1} Solve this, then search the history for the removed value.',
      folder,
      said.trim(),
    ),
    { file: folder },
  );
}

function failed(folder: string, said: string): ExpectedError {
  return new ExpectedError(
    'git-history-failed',
    l10n.t(
      'The git history of {0} could not be searched: {1} Check the repository with "git fsck".',
      folder,
      said.trim(),
    ),
    { file: folder },
  );
}
