/** Certificate and key files on their own, outside a setup. */
import { basename, dirname, join } from 'node:path';
import { isCancelled, throwIfCancelled } from '../base/errors.ts';
import { fileExists, unsavedChanges } from './errors.ts';
import { checkIgnored, checkTracked, privateFiles, type GuardedFacts } from './guard.ts';
import type { SetupPorts } from './ports.ts';
import { isPrivate } from './prepare.ts';
import type { PlannedFile } from './types.ts';

/** What was done so far, newest last; run backwards when something fails. */
type TakeBack = (() => Promise<void>)[];

/**
 * Writes files outside a setup (`createSelfSigned`, `createCsr`, `extractPrivateKey`, `exportCertificate`): all or nothing, never over another file,
 * private ones with mode 0600 and, inside a git repository, covered by the `.gitignore` of their folder first.
 * Rejects with `file-exists`, `key-tracked-by-git`, `key-not-ignored`, `unsaved-changes` and the write errors of {@link SetupPorts.files}; CancelledError.
 * @returns absolute paths: the files written, and the `.gitignore` files changed for them
 */
export async function saveFiles(
  planned: readonly PlannedFile[],
  ports: Pick<SetupPorts, 'files' | 'git' | 'editor'>,
  signal?: AbortSignal,
): Promise<{ written: string[]; changed: string[] }> {
  const { files } = ports;
  throwIfCancelled(signal);
  for (const file of planned) {
    await files.checkWritable(await files.resolve(file.path));
    if ((await files.stat(file.path)) !== undefined) throw fileExists(file.path);
  }
  const takeBack: TakeBack = [];
  const changed: string[] = [];
  try {
    const guarded = privateFiles(planned);
    const open = (await checkTracked(guarded, ports, signal)).filter(isOpen);
    for (const folder of new Set(open.map(({ real }) => dirname(real))))
      changed.push(await ignoreIn(folder, open, ports, takeBack));
    if (open.length > 0) await checkIgnored(guarded, ports, signal);
    for (const file of planned) {
      throwIfCancelled(signal);
      const real = await files.resolve(file.path);
      await makeFolder(dirname(real), ports, takeBack);
      await files.writeAtomically(real, file.bytes, file.mode, { exclusive: true, umask: !isPrivate(file) });
      takeBack.push(() => files.remove(real));
    }
    throwIfCancelled(signal);
  } catch (error) {
    for (const back of takeBack.reverse()) {
      // The first failure is the one to tell, unless there is none to tell.
      await back().catch((other: unknown) => {
        if (isCancelled(error)) throw other;
      });
    }
    throw error;
  }
  return { written: planned.map(({ path }) => path), changed };
}

function isOpen(fact: GuardedFacts): boolean {
  return fact.facts?.inRepository === true && !fact.facts.ignored;
}

async function makeFolder(folder: string, ports: Pick<SetupPorts, 'files'>, takeBack: TakeBack): Promise<void> {
  const made = await ports.files.makeFolder(folder, 0o700);
  for (const path of made) takeBack.push(() => ports.files.removeEmptyFolder(path));
}

/** Adds the names to the folder's own `.gitignore`, whose patterns take precedence over those further up. */
async function ignoreIn(
  folder: string,
  open: readonly GuardedFacts[],
  ports: Pick<SetupPorts, 'files' | 'editor'>,
  takeBack: TakeBack,
): Promise<string> {
  const { files } = ports;
  await makeFolder(folder, ports, takeBack);
  const path = await files.resolve(join(folder, '.gitignore'));
  if (ports.editor.isDirty(path)) throw unsavedChanges(path);
  const before = await files.read(path);
  const text = Buffer.from(before ?? []).toString('latin1');
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = open
    .filter(({ real }) => dirname(real) === folder)
    .map(({ real }) => `/${escapePattern(basename(real))}`);
  const start = text === '' || text.endsWith('\n') ? '' : eol;
  const added = Buffer.from(`${start}${lines.join(eol)}${eol}`);
  const mode = (await files.stat(path))?.mode ?? 0o644;
  if (before !== undefined) await files.checkWritable(path);
  await files.writeAtomically(path, Buffer.concat([before ?? Buffer.alloc(0), added]), mode, {
    exclusive: before === undefined,
    umask: before === undefined,
  });
  takeBack.push(() => (before === undefined ? files.remove(path) : files.writeAtomically(path, before, mode)));
  return path;
}

function escapePattern(name: string): string {
  return name.replace(/[\\*?[\]]/g, '\\$&').replace(/ $/, '\\ ');
}
