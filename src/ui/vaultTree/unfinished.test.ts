import assert from 'node:assert/strict';
import { startSandbox } from '../../../test/sandbox/sandbox.ts';
import type { Sandbox } from '../../../test/sandbox/sandbox.ts';
import { codeOf } from '../../azure/testing/azure.ts';
import { detailsReport } from './detailsReport.ts';
import { treeOf } from './testing/vaultTree.ts';

describe('a certificate that never came to be', () => {
  let sandbox: Sandbox;
  const origin = () => sandbox.vaultOrigin('contoso-web');
  beforeEach(async () => {
    sandbox = await startSandbox();
    const { certificates } = sandbox.vault('contoso-web');
    const order = certificates['pending-order'];
    assert.ok(order !== undefined);
    // What the service keeps of a first creation that was cancelled and removed (facts/key-vault.md 1.4).
    const { pending, ...left } = order;
    assert.ok(pending !== undefined);
    certificates['left-behind'] = { ...left, name: 'left-behind' };
  });
  afterEach(() => sandbox.close());

  it('is told from one that is being created, and can be created again', async () => {
    const { settled, child, rows, item, store, azure } = treeOf(sandbox);
    await settled();
    const unfinished = (row: string) => /left-behind|pending-order/.test(row);
    assert.deepEqual((await rows(await child('contoso-web'))).filter(unfinished), [
      'left-behind: no certificate yet',
      'pending-order: being created',
    ]);
    const look = item(await child('left-behind', await child('contoso-web')));
    assert.deepEqual([look.contextValue, look.children], ['certificate.unfinished', 'none']);
    assert.doesNotMatch(look.icon, /sync|loading|spin/);

    const vault = azure.vault('contoso-web');
    assert.equal((await vault.renew('left-behind')).status, 'waitingForMerge');
    await store.refreshCertificate(origin(), 'left-behind');
    const again = item(await child('left-behind', await child('contoso-web')));
    assert.deepEqual([again.description, again.contextValue], ['being created', 'certificate.pending']);
    await vault.cancelCreation('left-behind');
    await vault.updatePolicy('left-behind', { issuer: 'Self' });
    assert.equal((await vault.renew('left-behind')).status, 'completed');
    await store.refreshCertificate(origin(), 'left-behind');
    const made = await child('left-behind', await child('contoso-web'));
    assert.match(item(made).description ?? '', /^valid until/);
    assert.equal(item(made).contextValue, 'certificate.enabled');
  });

  it('is told when its creation is cancelled by somebody else, also in its details', async () => {
    const { settled, child, item, store, azure } = treeOf(sandbox);
    await settled();
    const stop = new AbortController();
    const work = azure.vault('contoso-web').waitForCreation('pending-order', { stopWaiting: stop.signal });
    stop.abort();
    await work;
    delete sandbox.vault('contoso-web').certificates['pending-order']?.pending;
    await store.refreshCertificate(origin(), 'pending-order');
    const node = await child('pending-order', await child('contoso-web'));
    assert.equal(item(node).description, 'no certificate yet');
    const report = detailsReport({
      vault: azure.vault('contoso-web').vault,
      details: await store.read(azure.vault('contoso-web').vault, 'pending-order', undefined, {}),
      description: undefined,
      version: undefined,
      thresholds: { days: 30, urgentDays: 7, percent: 90 },
      portal: undefined,
      now: sandbox.clock.now(),
    });
    assert.match(JSON.stringify(report), /failed or was cancelled/);
    assert.doesNotMatch(JSON.stringify(report), /being created/);
  });

  it('can be deleted', async () => {
    const { settled, rows, child, store, azure } = treeOf(sandbox);
    await settled();
    await azure.vault('contoso-web').delete('left-behind');
    await store.refreshCertificate(origin(), 'left-behind');
    assert.ok(!(await rows(await child('contoso-web'))).some((row) => row.startsWith('left-behind')));
    assert.equal(await codeOf(azure.vault('contoso-web').get({ name: 'left-behind' })), 'certificate-not-found');
  });
});
