// Mocha's spec reporter, which also leaves the counts in the file that CCG_RESULTS names (test/all.ts adds them up).
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      const results = process.env.CCG_RESULTS;
      if (results) writeFileSync(results, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
    });
  }
};
