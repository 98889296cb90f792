/** Which files git ignores, read from the chain of `.gitignore` files, and the lines that make it ignore more. */
import { dirname, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import * as l10n from '@vscode/l10n';
import type { FileReader } from '../base/ports.ts';
import { foldersUpwards } from './msalVersion.ts';
import { eolOf, readText, remembering } from './textFiles.ts';
import type { FileEdits, PlanWarning } from './types.ts';

export interface GitignorePlan {
  readonly files: readonly FileEdits[];
  readonly warnings: readonly PlanWarning[];
}

const heading = '# Client certificate: never commit these';

/** A `.gitignore` (or `.git/info/exclude`) with the folder its patterns count from. */
interface IgnoreFile {
  readonly folder: string;
  readonly text: string;
}

/**
 * Edits after which git ignores every path. What is ignored already gets no line, so a second run gives no edit. A line
 * goes to the end of the deepest `.gitignore` above the path that lies in the workspace, where it wins over every
 * negation; without one, a new `.gitignore` is made in the app's root. A file in no repository at all is covered the
 * same way when it lies in the workspace, and left alone elsewhere. Below another version control system (Mercurial, Subversion)
 * nothing is written and the warning `not-ignored` says so. git's user-wide excludes are not read: a line too many is harmless.
 * @param paths absolute paths of files, which need not exist yet
 * @param appRoot absolute folder for a new `.gitignore`
 * @param roots absolute workspace folders
 * @throws ExpectedError `not-utf-8`
 */
export async function planGitignore(
  paths: readonly string[],
  appRoot: string,
  roots: readonly string[],
  files: FileReader,
): Promise<GitignorePlan> {
  const reader = remembering(files);
  const added = new Map<string, { before: string | undefined; lines: string[] }>();
  const warnings: PlanWarning[] = [];
  // Folders before what lies in them, so that one line covers both.
  for (const path of [...new Set(paths)].sort((a, b) => a.length - b.length)) {
    const workspace = roots.filter((root) => isBelow(path, root)).sort((a, b) => b.length - a.length)[0];
    const control = await versionControl(dirname(path), reader);
    if (control === undefined && workspace === undefined) continue;
    if (control !== undefined && control.kind !== 'git') {
      warnings.push(notIgnored(path));
      continue;
    }
    const top = control?.folder ?? workspace ?? appRoot;
    const chain = withAdded(await readChain(top, dirname(path), reader), added);
    if (isIgnored(relativePath(top, path), top, chain)) continue;
    const wished = isBelow(path, appRoot) ? appRoot : (workspace ?? top);
    // git reads nothing above its repository, which may be a folder of the workspace.
    const target = targetOf(path, chain, workspace, isBelow(wished, top) ? wished : top);
    const entry = added.get(target) ?? { before: await readText(target, reader), lines: [] };
    entry.lines.push(patternOf(relativePath(dirname(target), path)));
    added.set(target, entry);
  }
  return { files: [...added].map(([path, { before, lines }]) => editsOf(path, before, lines)), warnings };
}

/** The chain as it will be, the deepest file last. */
function withAdded(
  chain: readonly IgnoreFile[],
  added: ReadonlyMap<string, { lines: readonly string[] }>,
): IgnoreFile[] {
  const extended = chain.map((file) => {
    const lines = file.folder === '' ? undefined : added.get(join(file.folder, '.gitignore'))?.lines;
    return lines === undefined ? file : { ...file, text: [file.text, ...lines].join('\n') };
  });
  const made = [...added]
    .filter(([path]) => !chain.some((file) => file.folder === dirname(path)))
    .map(([path, { lines }]) => ({ folder: dirname(path), text: lines.join('\n') }));
  return [...extended, ...made].sort((a, b) => a.folder.length - b.folder.length);
}

/** True when git ignores the file: not yet known to git and matched by the ignore files above it. */
export async function isGitIgnored(path: string, roots: readonly string[], reader: FileReader): Promise<boolean> {
  const control = await versionControl(dirname(path), reader);
  const top = control?.folder ?? roots.find((root) => isBelow(path, root));
  if (top === undefined || (control !== undefined && control.kind !== 'git')) return false;
  return isIgnored(relativePath(top, path), top, await readChain(top, dirname(path), reader));
}

/** The repository a folder lies in. `.git` is a file in worktrees and submodules. */
export async function versionControl(
  folder: string,
  reader: FileReader,
): Promise<{ folder: string; kind: 'git' | 'other' } | undefined> {
  for (const current of foldersUpwards(folder)) {
    if ((await reader.stat(join(current, '.git'))) !== undefined) return { folder: current, kind: 'git' };
    for (const other of ['.hg', '.svn', '.bzr']) {
      if ((await reader.stat(join(current, other)))?.kind === 'folder') return { folder: current, kind: 'other' };
    }
  }
  return undefined;
}

/** From the weakest to the strongest: `.git/info/exclude`, then every `.gitignore` from the top folder down. */
async function readChain(top: string, folder: string, reader: FileReader): Promise<IgnoreFile[]> {
  const chain: IgnoreFile[] = [];
  const exclude = (await reader.stat(join(top, '.git')))?.kind === 'folder' ? join(top, '.git', 'info', 'exclude') : '';
  const excluded = exclude === '' ? undefined : await readText(exclude, reader);
  if (excluded !== undefined) chain.push({ folder: '', text: excluded });
  for (const current of [...foldersUpwards(folder)].filter((each) => isBelow(each, top)).reverse()) {
    const text = await readText(join(current, '.gitignore'), reader);
    if (text !== undefined) chain.push({ folder: current, text });
  }
  return chain;
}

/** One matcher for the whole chain: the last pattern that matches decides, and deeper files come later. */
function isIgnored(path: string, top: string, chain: readonly IgnoreFile[]): boolean {
  const matcher: Ignore = ignore({ ignorecase: false });
  for (const { folder, text } of chain) {
    if (folder !== '' && !isBelow(folder, top)) continue;
    const prefix = folder === '' ? '' : relativePath(top, folder);
    matcher.add(
      text
        .replace(/^\uFEFF/, '')
        .split(/\r?\n/)
        .map((line) => below(prefix, line))
        .join('\n'),
    );
  }
  return matcher.ignores(path);
}

/** The pattern as it would stand in the top folder's `.gitignore` (gitignore(5): a slash that is not the last anchors it). */
function below(prefix: string, line: string): string {
  if (prefix === '' || line === '' || line.startsWith('#')) return line;
  const negated = line.startsWith('!');
  const pattern = negated ? line.slice(1) : line;
  if (pattern.trim() === '') return '';
  const anchored = pattern.replace(/\/\s*$/, '').includes('/');
  const rest = pattern.replace(/^\//, '');
  return `${negated ? '!' : ''}/${escapePattern(prefix)}/${anchored ? '' : '**/'}${rest}`;
}

function targetOf(path: string, chain: readonly IgnoreFile[], workspace: string | undefined, fresh: string): string {
  const usable = chain.filter(
    ({ folder }) => isBelow(path, folder) && (workspace === undefined || isBelow(folder, workspace)),
  );
  return join(usable.at(-1)?.folder ?? fresh, '.gitignore');
}

/** A pattern for exactly one file, anchored to the folder of the `.gitignore`. */
function patternOf(path: string): string {
  return `/${escapePattern(path).replace(/ $/, String.raw`\ `)}`;
}

function escapePattern(path: string): string {
  return path.replace(/[\\*?[\]]/g, String.raw`\$&`);
}

function editsOf(path: string, before: string | undefined, lines: readonly string[]): FileEdits {
  const text = before ?? '';
  const eol = eolOf(text);
  const endsLine = /(^|[\r\n]|^\uFEFF)$/.test(text);
  const block = (text.includes(heading) ? lines : [heading, ...lines]).join(eol);
  const addition = endsLine ? block + eol : eol + block;
  const role = 'gitignore';
  return { path, role, before, edits: [{ offset: text.length, length: 0, text: addition }], secrets: [] };
}

function notIgnored(path: string): PlanWarning {
  return {
    code: 'not-ignored',
    message: l10n.t(
      '{0} must not be committed. Your version control system is not git, so add it to its ignore list yourself.',
      path,
    ),
    file: path,
  };
}

/** True for the folder itself and everything in it. */
export function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !/^[A-Za-z]:|^[\\/]/.test(way));
}

function relativePath(from: string, to: string): string {
  return relative(from, to).split(sep).join('/');
}
