import assert from 'node:assert/strict';
import type { VaultCertificate } from '../../azure/types.ts';
import { versionFollowed } from './versionFollowed.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const hour = 60 * 60 * 1000;
const versionOf = (version: string, hoursOld: number, more: Partial<VaultCertificate> = {}): VaultCertificate => ({
  vault: 'v',
  name: 'app',
  version,
  enabled: true,
  created: now - hoursOld * hour,
  expires: now + 1000 * hour,
  tags: {},
  ...more,
});

/** Two versions a page, in the order of the service, which is none. */
async function* pagesOf(versions: readonly VaultCertificate[]): AsyncGenerator<readonly VaultCertificate[]> {
  for (let at = 0; at < versions.length; at += 2) yield await Promise.resolve(versions.slice(at, at + 2));
}

function followed(...versions: VaultCertificate[]): Promise<string> {
  return versionFollowed({ versions: () => pagesOf(versions) }, 'app', now, {});
}

describe('the version that an app follows', () => {
  it('is the newest that is a day old', async () => {
    assert.equal(await followed(versionOf('old', 500), versionOf('fresh', 1), versionOf('ripe', 25)), 'ripe');
    assert.equal(await followed(versionOf('old', 500), versionOf('ripe', 24)), 'ripe');
  });

  it('is the oldest where all are younger', async () => {
    assert.equal(await followed(versionOf('second', 1), versionOf('first', 23)), 'first');
  });

  it('is none that is disabled or expired', async () => {
    const disabled = versionOf('disabled', 30, { enabled: false });
    const expired = versionOf('expired', 40, { expires: now - 1 });
    assert.equal(await followed(disabled, expired, versionOf('good', 50)), 'good');
    await assert.rejects(followed(disabled, expired), { code: 'certificate-disabled' });
  });
});
