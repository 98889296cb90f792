/** Does steps: intent into the journal, then the file, then the confirmation (which travels with the next intent). */
import { throwIfCancelled } from '../base/errors.ts';
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
    await run(session, prepared);
    session.noteStep(first + offset, { status: 'done' });
  }
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
      if (session.ports.editor.isDirty(step.path)) throw unsavedChanges(step.path);
      // Again just before the write: other steps, and a review that the user took time for, lie in between.
      const now = await files.read(step.path);
      if (isNew ? now !== undefined : now === undefined || !Buffer.from(now).equals(prepared.before ?? bytes))
        throw fileChanged(step.path);
      await files.writeAtomically(step.path, bytes, step.mode, {
        exclusive: isNew,
        umask: isNew && !isPrivate(step),
      });
      return;
    }
  }
}
