/** Does steps: intent into the journal, then the file, then the confirmation (which travels with the next intent). */
import { isExpectedError, throwIfCancelled } from '../base/errors.ts';
import { fileChanged, unsavedChanges } from './errors.ts';
import { isPrivate, type PreparedStep } from './prepare.ts';
import type { Session } from './session.ts';

/** Appends the steps to the journal as planned; answers with the index of the first. */
export function appendSteps(session: Session, steps: readonly PreparedStep[]): number {
  const first = session.journal.steps.length;
  session.note({ steps: [...session.journal.steps, ...steps.map(({ step }) => step)] });
  return first;
}

/** Does appended steps in order. @param first index of the first in the journal */
export async function runSteps(
  session: Session,
  first: number,
  steps: readonly PreparedStep[],
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const [offset, prepared] of steps.entries()) {
    throwIfCancelled(signal);
    session.noteStep(first + offset, { status: 'intended' });
    await session.save();
    try {
      // Again just before the write: other steps, and a review that the user took time for, lie in between.
      await checkStill(session, prepared);
      await run(session, prepared);
    } catch (error) {
      // Refused, so what the file holds is somebody else's, however much it looks like ours.
      if (isRefusal(error, prepared)) session.noteStep(first + offset, { status: 'planned' });
      throw error;
    }
    session.noteStep(first + offset, { status: 'done' });
  }
}

function isRefusal(error: unknown, { step }: PreparedStep): boolean {
  if (!isExpectedError(error) || (step.kind !== 'edit' && step.kind !== 'create')) return false;
  return ['file-changed', 'unsaved-changes', 'file-exists'].includes(error.code);
}

async function checkStill({ ports }: Session, { step, bytes, before }: PreparedStep): Promise<void> {
  if (step.kind !== 'edit') return;
  if (ports.editor.isDirty(step.path)) throw unsavedChanges(step.path);
  const now = await ports.files.read(step.path);
  const expected = step.digestBefore === undefined ? undefined : (before ?? bytes);
  const isSame = now === undefined || expected === undefined ? now === expected : Buffer.from(now).equals(expected);
  if (!isSame) throw fileChanged(step.path);
}

async function run(session: Session, prepared: PreparedStep): Promise<void> {
  const { files } = session.ports;
  const { step, bytes = new Uint8Array() } = prepared;
  switch (step.kind) {
    case 'folder':
      await files.makeFolder(step.path, 0o700);
      return;
    case 'create':
      await files.writeAtomically(step.path, bytes, step.mode, { exclusive: true, umask: !isPrivate(step) });
      return;
    case 'protect':
      await files.protect(step.path);
      return;
    case 'edit': {
      const isNew = step.digestBefore === undefined;
      await files.writeAtomically(step.path, bytes, step.mode, {
        exclusive: isNew,
        umask: isNew && !isPrivate(step),
      });
      return;
    }
  }
}
