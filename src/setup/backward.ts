/** Takes steps back in reverse, after all of them were looked at: either everything can go back, or nothing is touched. */
import { isExpectedError } from '../base/errors.ts';
import { matches, digest, slowDigest } from './digest.ts';
import { envValue } from './envText.ts';
import { changedSinceSetup, isAFolder, secretMissing, unsavedChanges } from './errors.ts';
import { isEnvRole } from './inverse.ts';
import type { CreateStep, EditStep, JournalState, JournalStep } from './journal.ts';
import type { SetupPorts } from './ports.ts';
import { isAbsent, restoreText } from './restore.ts';
import type { Session } from './session.ts';

/** What taking one step back comes to. */
export type BackAction =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'remove' }
  | { readonly kind: 'write'; readonly bytes: Uint8Array; readonly mode: number }
  | { readonly kind: 'mode' }
  | { readonly kind: 'folders' };

export interface PlannedBack {
  readonly index: number;
  readonly action: BackAction;
}

/**
 * Looks at the steps that `wanted` picks and says what to do with each, in the order to do it: the newest first, `.gitignore` after all keys are gone.
 * Rejects with `file-changed`, `unsaved-changes` and what `checkWritable` says, before anything is touched.
 */
export async function planBack(session: Session, wanted: (step: JournalStep) => boolean): Promise<PlannedBack[]> {
  const indexed = session.journal.steps.map((step, index) => ({ step, index })).filter(({ step }) => wanted(step));
  const isGitignore = ({ step }: { step: JournalStep }) => step.kind === 'edit' && step.role === 'gitignore';
  const order = [...indexed.filter((item) => !isGitignore(item)).reverse(), ...indexed.filter(isGitignore).reverse()];
  const planned: PlannedBack[] = [];
  for (const { step, index } of order) {
    if (step.status !== 'planned') planned.push({ index, action: await lookAt(step, session) });
  }
  return planned;
}

/** Carries out what {@link planBack} found; a killed run is finished by doing both again. */
export async function runBack(
  session: Session,
  planned: readonly PlannedBack[],
  save: () => Promise<void> = () => session.save(),
): Promise<void> {
  for (const { index, action } of planned) {
    const step = session.journal.steps[index];
    if (step === undefined) continue;
    if (action.kind !== 'nothing') {
      const undone =
        action.kind === 'write' && step.kind === 'edit'
          ? { digestUndone: isEnvRole(step.role) ? await slowDigest(action.bytes) : digest(action.bytes) }
          : {};
      session.noteStep(index, { status: 'intended', ...undone });
      await save();
    }
    await runOne(step, action, session.ports);
    session.noteStep(index, { status: 'planned' });
  }
}

/**
 * Takes back what a failed or cancelled run did. Space comes first on a full disk: as long as no code was switched, files that setup
 * made can go before `.env` is put back.
 */
export async function rollBack(session: Session, wanted: (step: JournalStep) => boolean): Promise<void> {
  const planned = await planBack(session, wanted);
  // The disk of the journal may be what is full. What it says already, that steps may have been done, stays true while they are taken back.
  const save = () =>
    session.save().catch((error: unknown) => {
      if (!isExpectedError(error)) throw error;
    });
  try {
    await runBack(session, planned, save);
  } catch (error) {
    const stepOf = ({ index }: PlannedBack) => session.journal.steps[index];
    const isSwitched = planned.some((back) => {
      const step = stepOf(back);
      return step?.kind === 'edit' && (step.role === 'config' || step.role === 'module') && step.status !== 'planned';
    });
    if (!isExpectedError(error) || error.code !== 'disk-full' || isSwitched) throw error;
    for (const back of planned) {
      const step = stepOf(back);
      if (back.action.kind === 'remove' && step !== undefined) await runOne(step, back.action, session.ports);
    }
    await runBack(session, await planBack(session, wanted), save);
  }
}

async function runOne(step: JournalStep, action: BackAction, ports: SetupPorts): Promise<void> {
  const { files } = ports;
  if (step.kind === 'create' || step.kind === 'edit') await files.removeLeftover(step.path);
  switch (action.kind) {
    case 'nothing':
      return;
    case 'remove':
      await files.remove(step.path);
      return;
    case 'write':
      await files.writeAtomically(step.path, action.bytes, action.mode);
      return;
    case 'mode':
      if (step.kind === 'protect') await files.setMode(step.path, step.modeBefore);
      return;
    case 'folders':
      if (step.kind === 'folder') for (const made of [...step.made].reverse()) await files.removeEmptyFolder(made);
      return;
  }
}

async function lookAt(step: JournalStep, { ports, journal }: Session): Promise<BackAction> {
  switch (step.kind) {
    case 'folder':
      return { kind: 'folders' };
    case 'protect':
      return { kind: (await ports.files.stat(step.path)) === undefined ? 'nothing' : 'mode' };
    case 'create':
      return lookAtFile(step, journal.state, ports);
    case 'edit':
      return lookAtEdit(step, ports);
  }
}

async function lookAtFile(step: CreateStep, state: JournalState, ports: SetupPorts): Promise<BackAction> {
  const bytes = await ports.files.read(step.path);
  if (bytes === undefined) return { kind: 'nothing' };
  if (await matches(bytes, step.digest)) return { kind: 'remove' };
  // While the setup is unfinished the place is its own; when it was finished its file went, and what lies there since is somebody's.
  if (step.temporary) return { kind: state === 'applying' || state === 'stopped' ? 'remove' : 'nothing' };
  // Never confirmed, and not what we would have written: somebody else's, in whose favour our exclusive write failed.
  if (step.status === 'intended') return { kind: 'nothing' };
  throw changedSinceSetup(step.path);
}

async function lookAtEdit(step: EditStep, ports: SetupPorts): Promise<BackAction> {
  const { files, editor } = ports;
  if ((await files.stat(step.path))?.kind === 'folder') throw isAFolder(step.path);
  const bytes = await files.read(step.path);
  const isNew = step.digestBefore === undefined;
  if (bytes === undefined) {
    if (isNew) return { kind: 'nothing' };
    throw changedSinceSetup(step.path);
  }
  for (const goal of [step.digestBefore, step.digestUndone])
    if (goal !== undefined && (await matches(bytes, goal))) return { kind: 'nothing' };
  if (editor.isDirty(step.path)) throw unsavedChanges(step.path);
  await files.checkWritable(step.path);
  const isUntouched = await matches(bytes, step.digestAfter);
  if (isUntouched && isNew) return { kind: 'remove' };
  const text = Buffer.from(bytes).toString('utf8');
  if (step.status === 'intended' && !isUntouched && isAbsent(text, step.inverse)) return { kind: 'nothing' };
  const values = await keptValues(step, ports);
  const restored = await restoreText(text, step.inverse, isUntouched, step.afterLength, (envFile, variable) =>
    values.get(`${envFile}\0${variable}`),
  );
  if (restored === undefined) throw changedSinceSetup(step.path);
  if (isUntouched && !(await matches(Buffer.from(restored), step.digestBefore ?? ''))) throw staleSecret(step);
  return isNew && restored === ''
    ? { kind: 'remove' }
    : { kind: 'write', bytes: Buffer.from(restored), mode: step.modeBefore ?? step.mode };
}

/** The values of the variables that keep this file's literals. Rejects with `file-changed` when one is gone. */
async function keptValues(step: EditStep, ports: SetupPorts): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  for (const piece of step.inverse.flatMap((edit) => edit.removed)) {
    if (typeof piece === 'string') continue;
    const bytes = await ports.files.read(piece.envFile);
    const value = bytes && envValue(Buffer.from(bytes).toString('utf8'), piece.variable);
    if (value === undefined) throw secretMissing(step.path, piece.envFile, piece.variable);
    values.set(`${piece.envFile}\0${piece.variable}`, value);
  }
  return values;
}

function staleSecret(step: EditStep): Error {
  for (const piece of step.inverse.flatMap((edit) => edit.removed))
    if (typeof piece !== 'string') return secretMissing(step.path, piece.envFile, piece.variable);
  return changedSinceSetup(step.path);
}
