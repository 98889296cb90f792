/** Takes a retired secret out of the workspace's files: all of them or none, and back again as long as somebody holds the handle. */
import { applyEdits } from '../base/edits.ts';
import { isExpectedError } from '../base/errors.ts';
import type { ExpectedError } from '../base/errors.ts';
import type { FileEdits } from '../appConfig/types.ts';
import { digest } from './digest.ts';
import { changedSinceSetup, fileChanged, fileNotUtf8, unsavedChanges } from './errors.ts';
import type { SetupPorts } from './ports.ts';
import { underLock, type HeldLocks } from './session.ts';
import { noteRetired } from './wayBack.ts';

/** Files that were looked at and can be written. Holds secrets, in memory only: no journal could bring them back. */
export interface LocalRetirement {
  /** Absolute, symbolic links followed. */
  readonly paths: readonly string[];
  /** Writes all files, or none; `held`: by whoever holds the config's lock already. Rejects with `setup-in-progress`, `file-changed`, `unsaved-changes` and the write errors of `Files`. */
  write(held?: HeldLocks): Promise<void>;
  /** Brings back what {@link write} changed. Rejects with `file-changed` when one was changed since; then none is touched. */
  undo(): Promise<void>;
}

interface Prepared {
  readonly path: string;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  readonly mode: number;
}

type RetirePorts = SetupPorts;

/**
 * Looks at every file before anything is touched, so that a refusal comes before the secret is removed from the directory.
 * Rejects with `file-changed`, `file-not-utf8`, `unsaved-changes`, `file-read-only`, `permission-denied`, `broken-link`.
 * @param config absolute path of the config file, whose lock is taken while writing
 */
export async function prepareRetirement(
  config: string,
  edits: readonly FileEdits[],
  ports: RetirePorts,
): Promise<LocalRetirement> {
  const prepared: Prepared[] = [];
  for (const file of edits) prepared.push(...(await prepareOne(file, ports)));
  type Side = 'before' | 'after';
  const swap = async (from: Side, to: Side, changed: (path: string) => Error, locks: HeldLocks) => {
    await locks.share(prepared.map(({ path }) => path));
    for (const file of prepared) await checkStill(file.path, file[from], changed, ports);
    await writeAll(prepared, from, to, ports);
  };
  const locked = (work: (locks: HeldLocks) => Promise<void>, held?: HeldLocks) =>
    held === undefined ? underLock(config, ports, (_, locks) => work(locks)) : work(held);
  return {
    paths: prepared.map(({ path }) => path),
    write: (held) => locked((locks) => swap('before', 'after', fileChanged, locks), held),
    undo: () => locked((locks) => swap('after', 'before', changedSinceSetup, locks)),
  };
}

/** What became of the files, and what hindered. */
export interface FinishedRetirement {
  readonly written: boolean;
  readonly problems: readonly ExpectedError[];
}

/**
 * What follows the removal of the secret from the directory: the way back to it is closed first, and whatever becomes of the files. The secret is gone, so
 * nothing that hinders is thrown.
 * @param appId client id of the application that lost the secret
 */
export type FinishRetirement = (local: LocalRetirement, appId: string) => Promise<FinishedRetirement>;

/**
 * Runs the removal of a secret while holding all locks that its end needs: another window that works on the config is met before the directory is touched,
 * and none comes in between. Rejects with `setup-in-progress` before `remove` is called.
 * @param config absolute path of the config file
 * @param local what is meant to be written in the end
 * @param remove takes the secret out of the directory, then calls what it is handed
 */
export function underRetirement<T>(
  config: string,
  local: Pick<LocalRetirement, 'paths'>,
  ports: RetirePorts,
  remove: (finish: FinishRetirement) => Promise<T>,
): Promise<T> {
  return underLock(config, ports, async (_, locks) => {
    await locks.share(local.paths);
    return remove(async (after, appId) => {
      const problems: ExpectedError[] = [];
      const succeeds = async (work: () => Promise<void>) => {
        try {
          await work();
          return true;
        } catch (error) {
          if (!isExpectedError(error)) throw error;
          problems.push(error);
          return false;
        }
      };
      await succeeds(() => noteRetired(config, ports, appId, true));
      return { written: await succeeds(() => after.write(locks)), problems };
    });
  });
}

async function prepareOne(file: FileEdits, ports: RetirePorts): Promise<Prepared[]> {
  const text = applyEdits(file.before ?? '', file.edits);
  if (file.before === undefined || text === file.before) return [];
  const path = await ports.files.resolve(file.path);
  const bytes = await ports.files.read(path);
  if (bytes === undefined) throw fileChanged(file.path);
  const before = Buffer.from(file.before);
  if (!before.equals(bytes)) throw isUtf8(bytes) ? fileChanged(file.path) : fileNotUtf8(file.path);
  if (ports.editor.isDirty(file.path) || ports.editor.isDirty(path)) throw unsavedChanges(file.path);
  await ports.files.checkWritable(path);
  const mode = (await ports.files.stat(path))?.mode ?? 0o600;
  return [{ path, before, after: Buffer.from(text), mode }];
}

async function checkStill(
  path: string,
  expected: Uint8Array,
  changed: (path: string) => Error,
  ports: RetirePorts,
): Promise<void> {
  if (ports.editor.isDirty(path)) throw unsavedChanges(path);
  const bytes = await ports.files.read(path);
  if (bytes === undefined || digest(bytes) !== digest(expected)) throw changed(path);
}

/** When one file cannot be written, those before it are put back. */
async function writeAll(
  prepared: readonly Prepared[],
  from: 'before' | 'after',
  to: 'before' | 'after',
  { files }: RetirePorts,
): Promise<void> {
  const done: Prepared[] = [];
  try {
    for (const file of prepared) {
      await files.writeAtomically(file.path, file[to], file.mode);
      done.push(file);
    }
  } catch (error) {
    for (const file of done.reverse()) await files.writeAtomically(file.path, file[from], file.mode);
    throw error;
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
