/** Walks workspace folders for source files that hold one of some texts. Nothing is parsed here. */
import { join } from 'node:path';
import { CancelledError } from '../base/errors.ts';
import type { FileReader } from '../base/ports.ts';
import { isBelow } from './gitignore.ts';
import { decodeText } from './textFiles.ts';

/** A file that holds one of the texts searched for. */
export interface FoundFile {
  readonly path: string;
  readonly text: string;
}

/** Folders of other people's code and of what tools make; folders with a leading dot are left out too. */
const ignoredFolders = new Set([
  ...['node_modules', 'bower_components', 'jspm_packages', 'vendor', 'dist', 'build', 'out', 'output', 'coverage'],
  ...['obj', 'tmp', 'temp', '__pycache__', 'venv', 'target'],
]);
const sourceName = /\.(?:[cm]?[jt]s|[jt]sx|json)$/i;
const generatedName = /\.min\.[cm]?js$|\.d\.[cm]?ts$|\.bundle\.js$|^(?:package-lock|npm-shrinkwrap|composer)\.json$/i;

/** Larger files are data or bundles. */
const maximumSize = 1024 * 1024;
/** More at once is slower on Node's four threads. */
const concurrency = 16;
/** A link to a folder above itself would be walked for ever, where the reader follows links. */
const maximumDepth = 40;

/**
 * Source files (JavaScript, TypeScript, JSON) below the roots whose bytes hold one of the texts, sorted by path. Left out:
 * {@link ignoredFolders}, files above 1 MB, minified and compiled output, declarations, lock files and what is not UTF-8.
 * A folder or file that cannot be read is passed over.
 * @param texts ASCII
 * @throws CancelledError
 */
export async function searchFiles(
  roots: readonly string[],
  texts: readonly string[],
  reader: FileReader,
  signal?: AbortSignal,
): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  const wanted = new RegExp(texts.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join('|'));
  const queue: Task[] = outermost(roots).map((path) => ({ path, depth: 0, kind: 'folder' }));
  const take = async (task: Task): Promise<void> => {
    if (task.kind === 'file') {
      const text = await matchingText(task.path, wanted, reader);
      if (text !== undefined && !isGenerated(text)) found.push({ path: task.path, text });
      return;
    }
    for (const { name, kind } of await orNothing(reader.list(task.path), [])) {
      const path = join(task.path, name);
      if (kind === 'file' && sourceName.test(name) && !generatedName.test(name)) {
        queue.push({ path, depth: task.depth, kind });
      } else if (kind === 'folder' && !name.startsWith('.') && !ignoredFolders.has(name) && task.depth < maximumDepth) {
        queue.push({ path, depth: task.depth + 1, kind });
      }
    }
  };
  await drain(queue, take, signal);
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

interface Task {
  readonly path: string;
  readonly depth: number;
  readonly kind: 'file' | 'folder';
}

/** Works off a queue that grows while it is worked off; ends only when nothing runs any more, also on failure. */
function drain(queue: Task[], take: (task: Task) => Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let running = 0;
    let failure: Error | undefined;
    const next = (): void => {
      if (signal?.aborted === true) failure ??= new CancelledError();
      while (failure === undefined && running < concurrency) {
        const task = queue.pop();
        if (task === undefined) break;
        running++;
        take(task)
          .catch((error: unknown) => (failure ??= error instanceof Error ? error : new Error(String(error))))
          .finally(() => {
            running--;
            next();
          });
      }
      if (running > 0) return;
      if (failure === undefined) resolve();
      else reject(failure);
    };
    next();
  });
}

async function matchingText(path: string, wanted: RegExp, reader: FileReader): Promise<string | undefined> {
  const facts = await orNothing(reader.stat(path), undefined);
  if (facts === undefined || facts.size > maximumSize || facts.size === 0) return undefined;
  const bytes = await orNothing(reader.read(path), undefined);
  if (bytes === undefined) return undefined;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // One pass over the bytes as Latin-1; decoding every file as UTF-8 would take several times as long.
  return wanted.test(buffer.toString('latin1')) ? decodeText(bytes) : undefined;
}

/** One file without permission must not end a search. */
async function orNothing<T>(reading: Promise<T>, nothing: T): Promise<T> {
  try {
    return await reading;
  } catch {
    return nothing;
  }
}

/** Roots that lie in no other root, each once. */
function outermost(roots: readonly string[]): string[] {
  const distinct = [...new Set(roots)];
  return distinct.filter((root) => !distinct.some((other) => other !== root && isBelow(root, other)));
}

/**
 * True for what a compiler or bundler wrote: the source is what has to be edited. Marks: a source map, the `__esModule`
 * prologue, helpers that TypeScript emits, or lines far longer than people write.
 */
export function isGenerated(text: string): boolean {
  if (/^\/\/[#@] sourceMappingURL=/m.test(text.slice(-2000))) return true;
  const head = text.slice(0, 3000);
  if (/^Object\.defineProperty\(exports, ["']__esModule["']/m.test(head)) return true;
  if (/^var __(?:awaiter|importDefault|createBinding|webpack_modules__) = /m.test(head)) return true;
  return text.length > 10_000 && text.length / (text.split('\n').length + 1) > 500;
}
