/** Measuring, for all benchmarks. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds that the action takes. */
export async function timed(action: () => unknown): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/**
 * Median milliseconds of each action, run in turn `rounds` times after one round that does not count: what else the
 * machine does meets all of them alike.
 */
export async function medians(rounds: number, actions: readonly (() => unknown)[]): Promise<number[]> {
  const times = actions.map((): number[] => []);
  for (let round = -1; round < rounds; round++) {
    for (const [index, action] of actions.entries()) {
      const time = await timed(action);
      if (round >= 0) times[index]?.push(time);
    }
  }
  return times.map(median);
}

const blockRounds = 9;

/**
 * The longest time in milliseconds that nothing else could run on the main thread while the action ran; the median of
 * nine runs, since the machine's other programs delay the event loop too, though not every time.
 */
export async function longestBlock(action: () => Promise<unknown>): Promise<number> {
  const longest = [];
  for (let round = 0; round < blockRounds; round++) longest.push(await longestBlockOnce(action));
  return median(longest);
}

async function longestBlockOnce(action: () => Promise<unknown>): Promise<number> {
  const resolution = 1;
  const monitor = monitorEventLoopDelay({ resolution });
  monitor.enable();
  // The monitor's timer has to run before the action starts, or its first stretch is not seen.
  await new Promise((resolve) => setTimeout(resolve, 5 * resolution));
  monitor.reset();
  await action();
  await new Promise((resolve) => setTimeout(resolve, 2 * resolution));
  monitor.disable();
  return Math.max(0, monitor.max / 1e6 - resolution);
}
