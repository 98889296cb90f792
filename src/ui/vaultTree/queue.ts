/** Lets a few pieces of work run at once; one that somebody waits for need not wait. */

export interface Queue {
  /** Runs the work when its turn comes; a key that is waiting or running already is not added again. */
  add(key: string, work: () => Promise<void>): void;
  /** Starts it now, besides those that run; resolves when it has ended. At once when there is no such work. */
  now(key: string): Promise<void>;
  /** Resolves when nothing runs or waits. */
  idle(): Promise<void>;
  readonly busy: boolean;
  /** Drops what waits; what runs is stopped by its own signal. */
  clear(): void;
}

/** @param onFailure work that rejects: a bug, or a cancellation */
export function createQueue(atOnce: number, onFailure: (error: unknown) => void): Queue {
  const waiting = new Map<string, () => Promise<void>>();
  const running = new Map<string, Promise<void>>();
  let idlers: (() => void)[] = [];

  const start = (key: string, work: () => Promise<void>): Promise<void> => {
    waiting.delete(key);
    const run: Promise<void> = work()
      .catch(onFailure)
      .finally(() => {
        if (running.get(key) === run) running.delete(key);
        next();
      });
    running.set(key, run);
    return run;
  };
  const next = (): void => {
    for (const [key, work] of waiting) {
      if (running.size >= atOnce) break;
      if (!running.has(key)) void start(key, work);
    }
    if (running.size === 0 && waiting.size === 0) {
      const ready = idlers;
      idlers = [];
      for (const resolve of ready) resolve();
    }
  };
  return {
    add(key, work) {
      if (waiting.has(key) || running.has(key)) return;
      waiting.set(key, work);
      next();
    },
    async now(key) {
      const work = waiting.get(key);
      await (work === undefined ? running.get(key) : start(key, work));
    },
    idle: () =>
      running.size === 0 && waiting.size === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            idlers.push(resolve);
          }),
    get busy() {
      return running.size > 0 || waiting.size > 0;
    },
    clear() {
      waiting.clear();
      next();
    },
  };
}
