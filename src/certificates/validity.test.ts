import assert from 'node:assert/strict';
import { checkedValidityDays, validityWarning } from './validity.ts';

describe('the validity', () => {
  it('is a year unless given', () => assert.equal(checkedValidityDays(undefined), 365));

  it('may be 1 to 3650 whole days', () => {
    for (const days of [1, 3650]) assert.equal(checkedValidityDays(days), days);
    for (const days of [0, -1, 3651, 1.5, NaN, Infinity]) {
      assert.throws(() => checkedValidityDays(days), { code: 'validity-invalid' });
    }
  });

  it('is warned about when directories may refuse it, and when it is over soon', () => {
    assert.match(validityWarning(366) ?? '', /366 days.*180 days/);
    assert.match(validityWarning(59) ?? '', /only 59 days/);
    for (const days of [60, 180, 365]) assert.equal(validityWarning(days), undefined);
  });
});
