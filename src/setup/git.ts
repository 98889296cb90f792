/** What git thinks of the paths that are about to hold a key. */
import { dirname, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { ExpectedError, isExpectedError } from '../base/errors.ts';
import type { FileReader, ProcessRunner, RunResult } from '../base/ports.ts';
import type { Git, GitFacts } from './ports.ts';

/** A repository that takes longer than this to answer is on a dead network drive. */
const timeout = 20_000;

/** Git through its command line; paths go in as literal arguments and NUL-separated input, never through a shell. */
export function createGit(processes: ProcessRunner, files: Pick<FileReader, 'stat'>): Git {
  const git = (folder: string, args: readonly string[], input?: string, signal?: AbortSignal): Promise<RunResult> =>
    // The monitor is a program that the repository's configuration names; asking about a path must not start it.
    processes.run('git', ['-C', folder, '-c', 'core.fsmonitor=false', ...args], {
      env: { LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' },
      timeout,
      ...(input === undefined ? {} : { input }),
      ...(signal === undefined ? {} : { signal }),
    });

  const existingFolder = async (path: string): Promise<string> => {
    let folder = dirname(path);
    while ((await files.stat(folder))?.kind !== 'folder' && dirname(folder) !== folder) folder = dirname(folder);
    return folder;
  };

  /** Top of the work tree that holds the folder; undefined where there is none or git is not installed. */
  const workTree = async (folder: string, signal?: AbortSignal): Promise<string | undefined> => {
    let result: RunResult;
    try {
      result = await git(folder, ['rev-parse', '--show-toplevel'], undefined, signal);
    } catch (error) {
      if (isExpectedError(error) && error.code === 'program-not-found') return undefined;
      throw error;
    }
    if (result.exitCode === 0) return resolve(result.stdout.replace(/\r?\n$/, ''));
    if (isNoWorkTree(result.stderr)) return undefined;
    throw failed(folder, result);
  };

  const checkIn = async (top: string, paths: readonly string[], signal?: AbortSignal): Promise<GitFacts[]> => {
    const [tracked, ignored] = await Promise.all([
      git(top, ['--literal-pathspecs', 'ls-files', '-z', '--full-name', '--', ...paths], undefined, signal),
      git(top, ['check-ignore', '-z', '--no-index', '--stdin'], paths.map((path) => `${path}\0`).join(''), signal),
    ]);
    if (tracked.exitCode !== 0) throw failed(top, tracked);
    // 1: none of the paths is ignored.
    if (ignored.exitCode !== 0 && ignored.exitCode !== 1) throw failed(top, ignored);
    const trackedPaths = new Set(split(tracked.stdout).map((name) => resolve(top, name)));
    const ignoredPaths = new Set(split(ignored.stdout).map((name) => resolve(top, name)));
    return paths.map((path) => ({
      path,
      inRepository: true,
      tracked: trackedPaths.has(resolve(path)),
      ignored: ignoredPaths.has(resolve(path)),
    }));
  };

  return {
    async check(paths, signal) {
      const byFolder = new Map<string, string[]>();
      for (const path of paths) {
        const folder = await existingFolder(path);
        byFolder.set(folder, [...(byFolder.get(folder) ?? []), path]);
      }
      const byTree = new Map<string | undefined, string[]>();
      for (const [folder, inFolder] of byFolder) {
        const top = await workTree(folder, signal);
        byTree.set(top, [...(byTree.get(top) ?? []), ...inFolder]);
      }
      const facts: GitFacts[] = [];
      for (const [top, inTree] of byTree) {
        if (top === undefined)
          facts.push(...inTree.map((path) => ({ path, inRepository: false, tracked: false, ignored: false })));
        else facts.push(...(await checkIn(top, inTree, signal)));
      }
      return facts;
    },
  };
}

/** What git says (in English) where there is nothing to look at, in contrast to a repository that it refuses. */
export function isNoWorkTree(stderr: string): boolean {
  return /not a git repository|must be run in a work tree/.test(stderr);
}

function split(output: string): string[] {
  return output.split('\0').filter((name) => name !== '');
}

function failed(folder: string, result: RunResult): ExpectedError {
  return new ExpectedError(
    'git-check-failed',
    l10n.t(
      'Git could not say whether the private key would stay out of version control in {0}: {1} Solve this, then try again.',
      folder,
      result.stderr.trim(),
    ),
    { file: folder },
  );
}
