import assert from 'node:assert/strict';
import { throwIfCancelled } from '../base/errors.ts';
import { runCancellable } from './cancellable.ts';
import type { Present } from './cancellable.ts';

/** Somebody presses Cancel as soon as the work is shown; `told` is what was reported. */
function impatient(told: string[] = []): Present {
  return async (work) => {
    let cancel: () => void = () => undefined;
    const ended = work(
      (message) => told.push(message),
      (given) => (cancel = given),
    );
    cancel();
    return ended;
  };
}
const cancelled = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve());
  });

describe('work that can be cancelled', () => {
  const task = async (signal: AbortSignal) => {
    await cancelled(signal);
    return 'done all the same';
  };

  it('says nothing after it was cancelled', async () => {
    await assert.rejects(runCancellable(task, impatient(), 0), { name: 'CancelledError' });
  });

  it('answers all the same where it was past its point of no return', async () => {
    assert.equal(await runCancellable(task, impatient(), 0, { keepsResult: true }), 'done all the same');
    const inTime = async (signal: AbortSignal) => {
      await cancelled(signal);
      throwIfCancelled(signal);
    };
    await assert.rejects(runCancellable(inTime, impatient(), 0, { keepsResult: true }), { name: 'CancelledError' });
  });

  it('is not shown when it is done at once, and shows the latest report when it is not', async () => {
    const never: Present = () => Promise.reject(new Error('shown'));
    assert.equal(await runCancellable(() => Promise.resolve(1), never, 60_000), 1);
    await assert.rejects(
      runCancellable(() => Promise.reject(new Error('failed')), never, 60_000),
      /failed/,
    );
    const told: string[] = [];
    const reporting = async (signal: AbortSignal, report: (message: string) => void) => {
      report('one');
      report('two');
      await cancelled(signal);
      report('three');
    };
    await runCancellable(reporting, impatient(told), 0, { keepsResult: true });
    assert.deepEqual(told, ['two', 'three']);
  });
});
