import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfCancelled } from '../../base/errors.ts';

/** Milliseconds of work in one piece: the extension host must not be blocked for 50 ms, on slower machines either. */
const slice = 12;

/** Lets the event loop run between pieces of long computations, and ends them when they are cancelled. */
export class Yielding {
  private started = performance.now();
  constructor(private readonly signal?: AbortSignal) {}

  /** To be awaited when {@link due}. */
  async pause(): Promise<void> {
    await nextTurn();
    throwIfCancelled(this.signal);
    this.started = performance.now();
  }

  /** Whether this piece has lasted long enough. */
  get due(): boolean {
    return performance.now() - this.started > slice;
  }
}
