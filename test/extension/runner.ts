/** Runs mocha inside the extension host and leaves the counts where the process outside finds them. */
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import { failureLine } from '../host/counts.ts';
import type { Counts } from '../host/counts.ts';

/**
 * The `run()` of a suite file: `export const run = suite(() => { describe(…) })`. Rejects when a test failed or none ran.
 * Counts go to the file that CCG_RESULTS names.
 */
export function suite(define: () => void): () => Promise<void> {
  return async () => {
    const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 300_000, slow: 5_000, forbidOnly: true });
    // For work on one test: CCG_GREP='TypeScript' npm test -- host
    if (process.env.CCG_GREP !== undefined) mocha.grep(new RegExp(process.env.CCG_GREP));
    // Defines describe() and it() for this instance.
    mocha.suite.emit('pre-require', globalThis, '', mocha);
    define();
    const failed: string[] = [];
    const { passes, failures, pending } = await new Promise<Mocha.Stats>((resolve, reject) => {
      const runner = mocha.run(() => {
        if (runner.stats === undefined) reject(new Error('Mocha kept no statistics.'));
        else resolve(runner.stats);
      });
      runner.on('fail', (test, error) => failed.push(failureLine(test.fullTitle(), error)));
    });
    const results = process.env.CCG_RESULTS;
    if (results !== undefined) {
      const counts: Counts = { passed: passes, failed: failures, skipped: pending, failures: failed };
      writeFileSync(results, JSON.stringify(counts));
    }
    if (failures > 0) throw new Error(`${failures} failed.`);
    if (passes === 0) throw new Error('No test ran.');
  };
}
