/** What is done once a day as long as a window stays open, which may be weeks. Knows no editor. */

const day = 86_400_000;
/** More often than a day: a machine that slept through the hour does it soon after. */
const interval = 3_600_000;

export interface DailyTimers {
  /** Ms since the epoch. */
  readonly now: () => number;
  /** Calls again and again until the answer is called; must not keep a process alive. */
  readonly every: (milliseconds: number, tick: () => void) => () => void;
}

/** Calls `work` a day after this, and then each day. */
export function daily(work: () => void, { now, every }: DailyTimers): { dispose(): void } {
  let last = now();
  const stop = every(interval, () => {
    // A clock that was set back must not put it off for years.
    if (Math.abs(now() - last) < day) return;
    last = now();
    work();
  });
  return { dispose: stop };
}

/** Starts each of these; none waits for another, since a notification may stay unanswered for days. Resolves when all have ended, and never rejects. */
export async function eachOnItsOwn(
  works: readonly (() => Promise<void>)[],
  report: (error: unknown) => void,
): Promise<void> {
  await Promise.all(
    works.map(async (work) => {
      try {
        await work();
      } catch (error) {
        report(error);
      }
    }),
  );
}

/** Timers of this machine. */
export const machineTimers: DailyTimers = {
  now: () => Date.now(),
  every: (milliseconds, tick) => {
    const timer = setInterval(tick, milliseconds);
    timer.unref();
    return () => {
      clearInterval(timer);
    };
  },
};
