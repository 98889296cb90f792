/** Order of the first calls to a vault. */
import { throwIfCancelled } from '../../base/errors.ts';
import { orCancelled } from '../cancellation.ts';

/**
 * Lets calls through one by one until one has worked, then all at once. While the SDK answers a vault's first challenge
 * it keeps one request's body aside; a second request at that time makes it send the first one empty.
 */
export function firstAlone(): <T>(call: () => Promise<T>, signal?: AbortSignal) => Promise<T> {
  let open = false;
  let last: Promise<unknown> = Promise.resolve();
  return async (call, signal) => {
    if (open) return call();
    const before = last;
    const turn = orCancelled(before, signal).then(() => {
      throwIfCancelled(signal);
      return call();
    });
    // The next one waits for the end of whoever is before it, also when this caller has left the queue.
    last = Promise.allSettled([before, turn]);
    const result = await turn;
    open = true;
    return result;
  };
}
