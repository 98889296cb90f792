/** What the runners hand on: how many tests passed, and which did not. */

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** A line per failure: the whole title and how its message begins. */
  readonly failures: readonly string[];
}

/** One failure that is no test of its own, e.g. a suite that crashed. */
export function failedOnce(what: string): Counts {
  return { passed: 0, failed: 1, skipped: 0, failures: [what] };
}

/** The sum of several runs, failures in their order. */
export function add(counts: readonly Counts[]): Counts {
  return counts.reduce(
    (sum, { passed, failed, skipped, failures }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
      failures: [...sum.failures, ...failures],
    }),
    { passed: 0, failed: 0, skipped: 0, failures: [] },
  );
}

/** A test that failed, as a line of {@link Counts.failures}: its title and at most 300 characters of its message. */
export function failureLine(title: string, error: unknown): string {
  // Of tests that ran side by side mocha hands on plain objects.
  const hasMessage = typeof error === 'object' && error !== null && 'message' in error;
  const message = String(hasMessage ? error.message : error);
  return `${title}: ${message.replace(/\s+/g, ' ').slice(0, 300)}`;
}
