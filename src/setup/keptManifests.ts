/**
 * The way back from an installation, kept in the journal: package.json and the lock files as they were before it, also where the process was killed in the
 * middle of it. What lies in node_modules stays there unused.
 */
import type { PackageInstall } from '../appConfig/types.ts';
import { digest, matches } from './digest.ts';
import { unsavedChanges } from './errors.ts';
import type { JournalManifest, JournalManifests } from './journal.ts';
import { isVaultKind } from './keyFrom.ts';
import { isBelow } from './layout.ts';
import { isSame, putBack, type Manifest } from './manifests.ts';
import { otherJournals } from './otherUsers.ts';
import type { Session } from './session.ts';

/**
 * Names the files of a folder, generated and third-party ones left out, that hold one of some texts.
 * @param folder absolute
 */
export type FilesNaming = (folder: string, texts: readonly string[]) => Promise<readonly string[]>;

/** Copies what the package manager may change, before it runs. */
export async function keepManifests(
  session: Session,
  install: PackageInstall,
  manifests: readonly Manifest[],
): Promise<void> {
  const { store } = session;
  await store.removeCopies(session.journal);
  const files = manifests.map(({ path, mode, bytes }) => ({ path, mode, existed: bytes !== undefined }));
  const packages = install.packages.map(({ name }) => name);
  session.note({ manifests: { folder: install.folder, packages, finished: false, files } });
  // First the journal: copies that it does not name would stay for ever.
  await session.save();
  for (const [index, { bytes }] of manifests.entries())
    if (bytes !== undefined) await store.saveCopy(session.journal, index, bytes);
}

/** Notes what the finished installation left, by which it is told later whether it was touched since. */
export async function finishManifests(session: Session): Promise<void> {
  const { manifests } = session.journal;
  if (manifests === undefined) return;
  const files: JournalManifest[] = [];
  for (const file of manifests.files) {
    const now = await session.ports.files.read(file.path);
    files.push({ ...file, ...(now === undefined ? {} : { digestAfter: digest(now) }) });
  }
  session.note({ manifests: { ...manifests, finished: true, files } });
}

/** Brings back what a failed or cancelled run has installed. The journal is noted, not saved. */
export async function returnManifests(session: Session): Promise<void> {
  const before = await manifestsBefore(session);
  if (before !== undefined) await putBack(before, session.ports.files);
  forget(session);
}

/**
 * The files to put back when the setup is undone, none where that was done already; undefined where nothing was installed or where they stay: somebody has changed them since, or something else
 * in the app uses the packages by now. Nothing is touched.
 * Rejects with `unsaved-changes` and what `checkWritable` says.
 */
export async function planManifests(session: Session, naming?: FilesNaming): Promise<readonly Manifest[] | undefined> {
  const { journal, ports } = session;
  const { manifests } = journal;
  const before = await manifestsBefore(session);
  if (manifests === undefined || before === undefined) return undefined;
  const changed: Manifest[] = [];
  for (const [index, manifest] of before.entries()) {
    const now = await ports.files.read(manifest.path);
    if (isSame(now, manifest.bytes)) continue;
    if (!(await isOurs(manifest, now, manifests, index))) return undefined;
    changed.push(manifest);
  }
  // Put back already, by an undo that was killed or by whoever did it by hand.
  if (changed.length === 0) return [];
  if (await isUsed(session, manifests, naming)) return undefined;
  for (const { path } of changed) {
    if (ports.editor.isDirty(path)) throw unsavedChanges(path);
    await ports.files.checkWritable(path);
  }
  return changed;
}

/** Notes that there is no installation to take back; the journal is not saved. */
export function forget(session: Session): void {
  session.note({ manifests: undefined });
}

async function manifestsBefore({ journal, store }: Session): Promise<Manifest[] | undefined> {
  const before: Manifest[] = [];
  for (const [index, { path, mode, existed }] of (journal.manifests?.files ?? []).entries()) {
    const bytes = existed ? await store.loadCopy(journal, index) : undefined;
    if (existed && bytes === undefined) return undefined;
    before.push({ path, mode, bytes });
  }
  return before.length === 0 ? undefined : before;
}

/** Whether a changed file is what the package manager made of it, and nobody else. */
async function isOurs(
  before: Manifest,
  now: Uint8Array | undefined,
  { finished, packages, files }: JournalManifests,
  index: number,
): Promise<boolean> {
  const after = files[index]?.digestAfter;
  if (finished) return after === undefined ? now === undefined : matches(now, after);
  if (!before.path.endsWith('package.json') || now === undefined) return true;
  return isSame(without(before.bytes, packages), without(now, packages));
}

/** A package.json without the entries of these packages, in one form whatever its style. */
function without(bytes: Uint8Array | undefined, packages: readonly string[]): Uint8Array | undefined {
  if (bytes === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return Buffer.from(JSON.stringify(normal(value, packages) ?? null));
  } catch (error) {
    if (error instanceof SyntaxError) return bytes;
    throw error;
  }
}

/** Package managers sort entries, and begin a list of packages where there was none. */
function normal(value: unknown, packages: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value)
    .filter(([key]) => !packages.includes(key))
    .map(([key, each]): [string, unknown] => [key, normal(each, packages)])
    .filter(([, each]) => each !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Whether something that stays needs the packages: another setup, or code that the user has written since. */
async function isUsed(session: Session, manifests: JournalManifests, naming?: FilesNaming): Promise<boolean> {
  const { folder, packages, finished } = manifests;
  const others = await otherJournals(session);
  if (others.some(({ config, keyFrom }) => isVaultKind(keyFrom) && isBelow(config, folder))) return true;
  // An app whose setup was killed at its first step has never seen them.
  if (!finished) return false;
  if (naming === undefined) return true;
  const own = [...session.journal.steps, ...manifests.files].map(({ path }) => path);
  return (await naming(folder, packages)).some((file) => !own.includes(file));
}
