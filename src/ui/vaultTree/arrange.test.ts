import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { VaultCertificate } from '../../azure/types.ts';
import { compareNames, rowsOf } from './arrange.ts';
import type { Sieve } from './arrange.ts';
import { newRecord } from './records.ts';
import type { VaultRecord } from './records.ts';
import { computing } from '../../../test/host/computing.ts';

const now = Date.UTC(2026, 10, 1);
const sieve: Sieve = {
  groupBy: 'vault',
  sortBy: 'name',
  onlyExpiring: false,
  showDeleted: true,
  filter: '',
  thresholds: { days: 30, urgentDays: 7, percent: 90 },
  now,
};

function recordOf(name: string, certificates: readonly Partial<VaultCertificate>[]): VaultRecord {
  const record = newRecord({ name, origin: `https://${name}.example` });
  for (const certificate of certificates) {
    const one = { vault: name, name: 'app', enabled: true, tags: {}, ...certificate };
    (one.deleted === undefined ? record.live : record.deleted).set(one.name.toLowerCase(), one);
  }
  return record;
}

const named = (records: readonly VaultRecord[], by: Partial<Sieve> = {}) =>
  rowsOf(records, { ...sieve, ...by }).map(({ record, certificate: { name } }) => `${record.vault.name}/${name}`);

describe('the order of certificates', () => {
  it('is that of a collator for all names that Key Vault knows', () => {
    const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
    const characters = fc.constantFrom(...'0019abzABZ-'.split(''));
    const name = fc.string({ unit: characters, minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(name, name, (a, b) => {
        assert.equal(Math.sign(compareNames(a, b)), Math.sign(collator.compare(a, b)));
      }),
      { numRuns: 2_000, examples: [['app-2', 'app-10'], ['App', 'app'], ['a-1', 'a1'], ['a', 'a-'], ['a007', 'a7']] }, // prettier-ignore
    );
  });

  it('puts the vault after the name, what has no end after what ends, and what is deleted last', () => {
    const first = recordOf('v-2', [
      { name: 'app', expires: now + 3 },
      { name: 'app-2' },
      { name: 'app-10', expires: now + 1 },
      { name: 'aaa', deleted: {}, expires: now },
    ]);
    const second = recordOf('v-10', [{ name: 'APP', expires: now + 3 }]);
    assert.deepEqual(named([second, first]), ['v-2/app', 'v-10/APP', 'v-2/app-2', 'v-2/app-10', 'v-2/aaa']);
    assert.deepEqual(named([second, first], { sortBy: 'expiry' }), [
      ...['v-2/app-10', 'v-2/app', 'v-10/APP', 'v-2/app-2', 'v-2/aaa'],
    ]);
  });

  it('of 10,000 certificates takes less than 50 ms of work, in whatever order they come', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => {
      const mixed = (index * 7_919) % 10_000;
      return { name: `app-${mixed}`, expires: now + ((mixed * 31) % 977) * 86_400_000 };
    });
    const record = recordOf('v', many);
    const took = (sortBy: Sieve['sortBy']): number => {
      const spent = computing();
      assert.equal(rowsOf([record], { ...sieve, sortBy }).length, 10_000);
      return spent();
    };
    for (const sortBy of ['name', 'expiry'] as const) {
      const best = Math.min(...Array.from({ length: 5 }, () => took(sortBy)));
      assert.ok(best < 50, `${sortBy}: ${best} ms`);
    }
  });
});
