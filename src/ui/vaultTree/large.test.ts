import assert from 'node:assert/strict';
import { startSandbox } from '../../../test/sandbox/sandbox.ts';
import type { Sandbox } from '../../../test/sandbox/sandbox.ts';
import { treeOf } from './testing/vaultTree.ts';
import { computing } from '../../../test/host/computing.ts';

const count = 10_000;

describe('a vault of 10,000 certificates in the tree', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox();
    // Ten thousand names for one certificate: what a list says of them is the same.
    const { certificates } = sandbox.vault('contoso-dev');
    const one = certificates['local-app'];
    assert.ok(one);
    for (let index = 1; index < count; index++) {
      const name = `app-${String(index).padStart(5, '0')}`;
      certificates[name] = { ...one, name };
    }
  });
  after(() => sandbox.close());

  it('shows its first rows after one page, the rest page by page in the background, and lengthens its list on demand', async function () {
    this.timeout(120_000);
    const { store, tree, child, rows, azure, changes, item } = treeOf(sandbox);
    const origin = sandbox.vaultOrigin('contoso-dev');
    await store.start();
    const before = sandbox.log.length;
    const first = await rows(await child('contoso-dev'));
    assert.ok(first.length >= 25 && first.length < 300, `${first.length} rows`);
    const early = sandbox.log.slice(before).filter(({ host }) => host === new URL(origin).host);
    assert.ok(early.length < 20, `${early.length} requests before the first rows`);
    await store.idle();
    const record = store.records.get(origin);
    assert.equal(record?.live.size, count);
    const requests = sandbox.log.filter(({ host }) => host === new URL(origin).host);
    // A page is 25; one challenge.
    assert.equal(requests.length, count / 25 + 1);
    // Drawn again and again, but not once a page.
    const drawn = changes.filter((change) => change.kind === 'vault' && change.origin === origin).length;
    assert.ok(drawn < 50, `${drawn} times drawn`);

    const vault = await child('contoso-dev');
    const nodes = await tree.children(vault);
    assert.equal(nodes.length, 251);
    const more = nodes.at(-1);
    assert.ok(more?.kind === 'more');
    assert.equal(item(more).description, `250 of ${count.toLocaleString()} shown`);
    const next = await tree.showMore(more);
    assert.ok(next !== undefined);
    assert.equal(item(next).label, 'app-00251');
    assert.equal((await tree.children(vault)).length, 1_251);
    assert.equal(azure.editor.asked.filter(({ interactive }) => interactive).length, 0);
  });

  it('sorts and filters them quickly', async function () {
    this.timeout(120_000);
    const { store, tree, settled, child, rows, remembered } = treeOf(sandbox);
    await settled();
    const spent = computing();
    tree.filter = 'app-0999';
    const [found, ...refusing] = await rows();
    assert.equal(found, `contoso-dev: 10 of ${count.toLocaleString()}`);
    assert.equal(refusing.length, 3);
    assert.equal((await rows(await child('contoso-dev'))).length, 10);
    tree.filter = '';
    await remembered.setArrangement({ ...remembered.arrangement(), groupBy: 'expiry', sortBy: 'expiry' });
    assert.ok((await rows()).length > 0);
    const took = spent();
    // Some 100 ms on an idle machine; the bound is for what grows with the square.
    assert.ok(took < 3_000, `${Math.round(took)} ms`);
    assert.equal(store.records.get(sandbox.vaultOrigin('contoso-dev'))?.live.size, count);
  });

  it('stops in the middle when somebody else signs in', async () => {
    const { store, azure } = treeOf(sandbox);
    const host = new URL(sandbox.vaultOrigin('contoso-dev')).host;
    const asked = () => sandbox.log.filter((entry) => entry.host === host).length;
    await store.start();
    await store.firstRows(sandbox.vaultOrigin('contoso-dev'));
    store.reset();
    await store.idle();
    assert.equal(store.records.size, 0);
    const before = asked();
    await azure.vault('contoso-legacy').get({ name: 'legacy-app' });
    // The answer that was on its way may still have been counted.
    assert.ok(asked() <= before + 1, `${asked() - before} requests after the end`);
  });
});
