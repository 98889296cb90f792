/** Long work in small pieces: parsing takes some milliseconds a file. */
import { throwIfCancelled } from '../base/errors.ts';

export interface Turns {
  /** To be awaited before each piece. Rejects with CancelledError. */
  next(): Promise<void>;
}

/** Everybody else gets a turn after every fiftieth of a second. */
export function createTurns(signal?: AbortSignal): Turns {
  let since = performance.now();
  return {
    async next() {
      if (performance.now() - since <= 20) return;
      await new Promise((resolve) => setImmediate(resolve));
      throwIfCancelled(signal);
      since = performance.now();
    },
  };
}
