/**
 * One worker per config, over all windows and processes of the machine. A lock is a file `STEM.lock.N` with its holder in it, made whole by an exclusive write.
 * The lock of a dead process is passed by taking the next N, which only one can: removing the dead one first could remove its
 * successor instead, made in between by another window.
 */
import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { ExpectedError, isExpectedError, throwIfCancelled } from '../base/errors.ts';
import type { Clock } from '../base/ports.ts';
import type { Files, ProcessIdentity, Processes } from './ports.ts';

/** What stands in a lock file. */
export interface LockHolder extends ProcessIdentity {
  /** ISO 8601, UTC. */
  readonly since: string;
}

interface LockFile {
  readonly path: string;
  readonly number: number;
}

/** Gives the lock back; to be called once. */
export type Release = () => Promise<void>;

/** The ports that locking needs. */
export interface LockPorts {
  readonly files: Files;
  readonly processes: Processes;
  readonly clock: Clock;
}

/** Takes the lock, or rejects with `setup-in-progress` (`details.data`: `{pid, host, since}`). */
export async function takeLock(stem: string, ports: LockPorts): Promise<Release> {
  const { files } = ports;
  await files.makeFolder(dirname(stem), 0o700);
  const self = await ports.processes.self();
  const holder: LockHolder = { ...self, since: new Date(ports.clock.now()).toISOString() };
  const locks = await list(stem, files);
  await refuseIfHeld(locks, ports);
  const mine = `${stem}.lock.${Math.max(0, ...locks.map((lock) => lock.number)) + 1}`;
  try {
    await files.writeAtomically(mine, Buffer.from(JSON.stringify(holder)), 0o600, {
      exclusive: true,
      writer: `${self.pid}-${randomBytes(4).toString('hex')}`,
    });
  } catch (error) {
    if (!isExpectedError(error) || error.code !== 'file-exists') throw error;
    await refuseIfHeld(await list(stem, files), ports);
    throw inProgress(mine, undefined);
  }
  // Somebody may have begun at another number while this one was being written; then nobody goes on.
  const others = (await list(stem, files)).filter((lock) => lock.path !== mine);
  try {
    await refuseIfHeld(others, ports);
  } catch (error) {
    await files.remove(mine);
    throw error;
  }
  for (const dead of others) await files.remove(dead.path);
  await removeLeftovers(stem, self, ports);
  return () => files.remove(mine);
}

/** Four times a second for ten seconds: most of what others do takes less. */
const [attempts, pause] = [40, 250];

/** As {@link takeLock}, but waits a little for whoever holds it. Rejects with `setup-in-progress`, CancelledError. */
export async function takeLockPatiently(stem: string, ports: LockPorts, signal?: AbortSignal): Promise<Release> {
  for (let attempt = 1; ; attempt++) {
    throwIfCancelled(signal);
    try {
      return await takeLock(stem, ports);
    } catch (error) {
      if (!isExpectedError(error) || error.code !== 'setup-in-progress' || attempt === attempts) throw error;
    }
    await ports.clock.delay(pause, signal);
  }
}

/**
 * Takes the lock of a folder whose files several apps share (`.env`, `.gitignore`, a module): who holds it works on another config, so it is waited for.
 * Rejects with `setup-in-progress`, CancelledError.
 * @param folder absolute, for the message
 */
export async function takeFolderLock(
  stem: string,
  folder: string,
  ports: LockPorts,
  signal?: AbortSignal,
): Promise<Release> {
  try {
    return await takeLockPatiently(stem, ports, signal);
  } catch (error) {
    if (!isExpectedError(error) || error.code !== 'setup-in-progress') throw error;
    throw folderInUse(folder, await lockHolder(stem, ports), error);
  }
}

/** Who holds the lock; undefined when nobody living does. */
export async function lockHolder(stem: string, ports: LockPorts): Promise<LockHolder | undefined> {
  for (const lock of await list(stem, ports.files)) {
    const holder = await livingHolder(lock.path, ports);
    if (holder !== undefined && holder !== 'gone') return holder;
  }
  return undefined;
}

async function refuseIfHeld(locks: readonly LockFile[], ports: LockPorts): Promise<void> {
  for (const lock of locks) {
    const holder = await livingHolder(lock.path, ports);
    if (holder !== undefined && holder !== 'gone') throw inProgress(lock.path, holder);
  }
}

async function livingHolder(path: string, ports: LockPorts): Promise<LockHolder | 'gone' | undefined> {
  const bytes = await ports.files.read(path);
  if (bytes === undefined) return 'gone';
  const holder = parseHolder(Buffer.from(bytes).toString('utf8'));
  return holder !== undefined && (await ports.processes.isRunning(holder)) ? holder : undefined;
}

/** Written whole by an exclusive rename: what names no process was damaged later, by a crashed disk. Nobody holds it. */
function parseHolder(text: string): LockHolder | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, host, started, since } = value as Partial<Record<keyof LockHolder, unknown>>;
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || typeof host !== 'string') return undefined;
  const textOf = (part: unknown): string => (typeof part === 'string' ? part : '');
  return { pid, host, started: textOf(started), since: textOf(since) };
}

/** What processes left that were killed while they wrote a lock; their number is in the name. */
async function removeLeftovers(stem: string, self: ProcessIdentity, ports: LockPorts): Promise<void> {
  const pattern = /^\.(.+)\.lock\.\d+\.(\d+)-[0-9a-f]+\.ccg-tmp$/;
  for (const { name } of await ports.files.list(dirname(stem))) {
    const [, of, pid] = pattern.exec(name) ?? [];
    if (of !== basename(stem) || Number(pid) === self.pid) continue;
    const isWriting = await ports.processes.isRunning({ pid: Number(pid), host: self.host, started: '' });
    if (!isWriting) await ports.files.remove(join(dirname(stem), name));
  }
}

async function list(stem: string, files: Files): Promise<LockFile[]> {
  const prefix = `${basename(stem)}.lock.`;
  const locks: LockFile[] = [];
  for (const entry of await files.list(dirname(stem))) {
    const number = entry.name.startsWith(prefix) ? Number(entry.name.slice(prefix.length)) : NaN;
    if (Number.isSafeInteger(number)) locks.push({ path: join(dirname(stem), entry.name), number });
  }
  return locks;
}

function inProgress(path: string, holder: LockHolder | undefined): ExpectedError {
  const { pid, host, since } = holder ?? { pid: 0, host: '', since: '' };
  return new ExpectedError(
    'setup-in-progress',
    holder === undefined
      ? l10n.t('Another window has just begun to set up this app. Wait until it has finished, then try again.')
      : l10n.t(
          'Another window (process {0} on {1}) has been setting up this app since {2}. Wait until it has finished. If that window is gone for good, delete {3} and try again.',
          pid,
          host,
          since,
          path,
        ),
    holder === undefined ? {} : { data: { pid, host, since } },
  );
}

function folderInUse(folder: string, holder: LockHolder | undefined, error: ExpectedError): ExpectedError {
  if (holder === undefined) return error;
  const { pid, host, since } = holder;
  return new ExpectedError(
    'setup-in-progress',
    l10n.t(
      'Another setup (process {0} on {1}) has been working on files in {2} since {3}, which this app shares with it. Nothing was changed. Wait until it has finished, then try again.',
      pid,
      host,
      folder,
      since,
    ),
    { file: folder, data: { pid, host, since } },
  );
}
