import assert from 'node:assert/strict';
import { mayHoldConfig } from './candidates.ts';
import { goldenCases, runCase } from '../../appConfig/testing/goldenCases.ts';
import { computing } from '../../../test/host/computing.ts';

describe('the question before the parser', () => {
  it('lets every file with a config through', () => {
    for (const golden of goldenCases()) {
      const { report } = runCase(golden);
      if (/^site /m.test(report)) assert.ok(mayHoldConfig(golden.text), golden.name);
    }
  });

  it('stops what has nothing to do with it, at once', () => {
    assert.equal(mayHoldConfig('export const answer = 42;\n'), false);
    assert.equal(mayHoldConfig(`${'x'.repeat(600_000)} clientSecret`), false);
    const large = 'const client = secret + certificate;\n'.repeat(12_000);
    const spent = computing();
    assert.equal(mayHoldConfig(large), false);
    assert.ok(spent() < 50);
  });
});
