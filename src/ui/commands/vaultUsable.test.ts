import assert from 'node:assert/strict';
import { startSandbox } from '../../../test/sandbox/sandbox.ts';
import type { Sandbox } from '../../../test/sandbox/sandbox.ts';
import { azureOf } from '../../azure/testing/azure.ts';
import { usableCertificate } from './vaultUsable.ts';

describe('a certificate of a vault for an app', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox();
  });
  after(() => sandbox.close());
  const use = async (name: string) =>
    usableCertificate(await azureOf(sandbox).vault('contoso-web').get({ name }), 'contoso-web', sandbox.clock.now());

  it('is there, enabled and valid', async () => {
    assert.ok((await use('ciam-client-app')).length > 0);
  });

  it('is refused with the reason, and an expired one with what helps', async () => {
    await assert.rejects(use('pending-order'), { code: 'creation-pending' });
    await assert.rejects(use('disabled-app'), { code: 'certificate-disabled', message: /Enable it/ });
    const { versions = [] } = sandbox.vault('contoso-web').certificates['expired-app'] ?? {};
    const newest = versions.at(-1);
    assert.ok(newest);
    for (const enabled of [true, false]) {
      newest.enabled = enabled;
      await assert.rejects(use('expired-app'), { code: 'certificate-expired', message: /Make a new version/ });
    }
  });
});
