import assert from 'node:assert/strict';
import type { VaultCertificate } from '../../azure/types.ts';
import { loadLive, newRecord } from './records.ts';

const certificate = (name: string, enabled = true): VaultCertificate => ({
  ...{ vault: 'v', name, enabled, thumbprintSha1: 'AB', tags: {} },
});

describe('reading a list while single certificates are read anew', () => {
  it('keeps what is newer than the list: changed, made and gone meanwhile', async () => {
    const record = newRecord({ name: 'v', origin: 'https://v.example' });
    for (const name of ['changed', 'gone', 'old']) record.live.set(name, certificate(name));
    const refreshed = (name: string, now: VaultCertificate | undefined) => {
      record.touched.live.add(name);
      if (now === undefined) record.live.delete(name);
      else record.live.set(name, now);
    };
    await loadLive(
      record,
      {
        async *list() {
          await Promise.resolve();
          yield [certificate('listed')];
          // While the next page is on its way, which was written before these changes.
          refreshed('changed', certificate('changed', false));
          refreshed('gone', undefined);
          refreshed('made', certificate('made'));
          yield [certificate('changed'), certificate('gone')];
        },
        creation: () => Promise.resolve(undefined),
      },
      { signal: new AbortController().signal, onChange: () => undefined },
    );
    const listed = [...record.live.values()].map(({ name, enabled }) => `${name} ${enabled}`);
    assert.deepEqual(listed.sort(), ['changed false', 'listed true', 'made true']);
  });
});
