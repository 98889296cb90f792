/** Leaving what cannot be stopped. */
import { CancelledError } from '../base/errors.ts';

/** The promise's outcome, or CancelledError as soon as the signal is aborted; the work itself goes on unheard. */
export function orCancelled<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    const cancel = () => reject(new CancelledError());
    if (signal.aborted) {
      cancel();
      return;
    }
    signal.addEventListener('abort', cancel, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel));
  });
}
