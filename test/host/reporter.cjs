// Mocha's spec reporter, which also leaves the counts and what failed in the file that CCG_RESULTS names (test/host/all.ts adds them up).
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');
const { failureLine } = require('./counts.ts');

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failed = [];
    runner.on('fail', (test, error) => failed.push(failureLine(test.fullTitle(), error)));
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      const results = process.env.CCG_RESULTS;
      const counts = { passed: passes, failed: failures, skipped: pending, failures: failed };
      if (results) writeFileSync(results, JSON.stringify(counts));
    });
  }
};
