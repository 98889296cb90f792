/** The sandbox's own time, which tests and the admin endpoint move. */

export interface SandboxClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Whole seconds since the epoch. */
  seconds(): number;
  /** Moves the clock by so many milliseconds; negative moves it back. */
  advance(milliseconds: number): void;
}

/** A clock that runs with the machine's and is ahead by what was added with `advance`. */
export function createClock(offset = 0): SandboxClock {
  let ahead = offset;
  const now = (): number => Date.now() + ahead;
  return {
    now,
    seconds: () => Math.floor(now() / 1000),
    advance: (milliseconds) => {
      ahead += milliseconds;
    },
  };
}
