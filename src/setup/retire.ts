/** Takes a retired secret out of the workspace's files: all of them or none, and back again as long as somebody holds the handle. */
import { applyEdits } from '../base/edits.ts';
import { isExpectedError } from '../base/errors.ts';
import type { ExpectedError } from '../base/errors.ts';
import type { FileEdits } from '../appConfig/types.ts';
import { digest } from './digest.ts';
import { changedSinceSetup, fileChanged, fileNotUtf8, unsavedChanges } from './errors.ts';
import type { SetupPorts } from './ports.ts';
import { underLock } from './session.ts';
import { noteRetired } from './wayBack.ts';

/** Files that were looked at and can be written. Holds secrets, in memory only: no journal could bring them back. */
export interface LocalRetirement {
  /** Absolute, symbolic links followed. */
  readonly paths: readonly string[];
  /** Writes all files, or none. Rejects with `setup-in-progress`, `file-changed`, `unsaved-changes` and the write errors of `Files`. */
  write(): Promise<void>;
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
  const swap = (from: 'before' | 'after', to: 'before' | 'after', changed: (path: string) => Error) =>
    underLock(config, ports, async () => {
      for (const file of prepared) await checkStill(file.path, file[from], changed, ports);
      await writeAll(prepared, from, to, ports);
    });
  return {
    paths: prepared.map(({ path }) => path),
    write: () => swap('before', 'after', fileChanged),
    undo: () => swap('after', 'before', changedSinceSetup),
  };
}

/**
 * What follows the removal of the secret from the directory: the way back to it is closed first, and whatever becomes of the files. The secret is gone, so
 * nothing that hinders is thrown.
 * @param appId client id of the application that lost the secret
 * @returns whether the files were written, and what hindered
 */
export async function finishRetirement(
  config: string,
  local: LocalRetirement,
  ports: RetirePorts,
  appId: string,
): Promise<{ readonly written: boolean; readonly problems: readonly ExpectedError[] }> {
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
  await succeeds(() => noteRetired(config, ports, appId));
  return { written: await succeeds(() => local.write()), problems };
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
