import assert from 'node:assert/strict';
import { startSandbox } from '../../../test/sandbox/sandbox.ts';
import type { Sandbox } from '../../../test/sandbox/sandbox.ts';
import { testEditor } from '../../azure/testing/azure.ts';
import { listedOf } from './listed.ts';
import type { VaultTreeNode } from './nodes.ts';
import { memoryOf, treeOf } from './testing/vaultTree.ts';

describe('the tree of vaults', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox();
  });
  afterEach(() => sandbox.faults.clear());
  after(() => sandbox.close());

  it('lists the vaults of all tenants; those that refuse say why, with the role that is missing', async () => {
    const { settled, rows } = treeOf(sandbox);
    await settled();
    assert.deepEqual(await rows(), [
      'contoso-certs-only: 1 certificate',
      'contoso-dev: 1 certificate',
      'contoso-firewall: behind its firewall',
      'contoso-legacy: 1 certificate',
      'contoso-no-access: no access, needs the role "Key Vault Reader"',
      'contoso-private: private endpoint only',
      'contoso-web: 2 need action · 10 certificates',
    ]);
  });

  it('shows each certificate with its state in words, icon and menu', async () => {
    const { settled, child, rows, tree, item } = treeOf(sandbox);
    await settled();
    const web = await child('contoso-web');
    const found = await rows(web);
    assert.deepEqual(
      found.filter((row) => !row.includes('valid until')),
      [
        'disabled-app: disabled',
        'expired-app: expired 3 days ago',
        'expiring-app: expires in 12 days',
        'pending-order: being created',
      ],
    );
    const looks = new Map((await tree.children(web)).map((node) => [item(node).label, item(node)]));
    assert.deepEqual(
      ['expired-app', 'disabled-app', 'pending-order', 'pem-app'].map((name) => looks.get(name)?.contextValue),
      ['certificate.enabled', 'certificate.disabled', 'certificate.pending', 'certificate.enabled'],
    );
    assert.equal(looks.get('expired-app')?.icon, 'error');
    assert.equal(looks.get('expired-app')?.spoken, 'expired-app, expired 3 days ago');
    assert.equal(looks.get('pending-order')?.children, 'none');
    assert.equal(tree.actions(), 2);
  });

  it('shows the versions of a certificate, newest first', async () => {
    const { settled, child, tree, item } = treeOf(sandbox);
    await settled();
    const renewed = await child('renewed-app', await child('contoso-web'));
    const versions = await tree.children(renewed);
    assert.equal(versions.length, 40);
    const [newest, next] = versions;
    assert.ok(newest?.kind === 'version' && next !== undefined);
    assert.match(item(newest).description ?? '', /^valid until .* · current$/);
    assert.doesNotMatch(item(next).description ?? '', /current/);
    const stored = sandbox.vault('contoso-web').certificates['renewed-app'];
    assert.equal(newest.version, stored?.versions.at(-1)?.id);
    assert.equal(tree.parent(newest), renewed);
  });

  it('gives every node an id of its own, and the same node each time', async () => {
    const { settled, tree, store } = treeOf(sandbox);
    await settled();
    const all = async (of?: VaultTreeNode): Promise<VaultTreeNode[]> => {
      const children = await tree.children(of);
      return [...children, ...(await Promise.all(children.map(all))).flat()];
    };
    const first = await all();
    assert.equal(new Set(first.map(({ id }) => id)).size, first.length);
    await store.refresh();
    await store.idle();
    const second = await all();
    assert.deepEqual(
      second.map(({ id }) => id),
      first.map(({ id }) => id),
    );
    assert.ok(second.every((node, index) => node === first[index]));
  });

  it('asks each vault once: one challenge and one page', async () => {
    const { settled } = treeOf(sandbox);
    const before = sandbox.log.length;
    await settled();
    const all = sandbox.log.slice(before).filter(({ surface }) => surface === 'vault');
    // Whether the one certificate that is not there yet is being created, no list tells.
    const isCreation = ({ path }: { path: string }) => path.includes('/pending-order/pending');
    assert.deepEqual(
      all.filter(isCreation).map(({ status }) => status),
      [401, 200],
    );
    const requests = all.filter((entry) => !isCreation(entry));
    const challenges = requests.filter(({ status }) => status === 401);
    assert.equal(challenges.length, 7);
    assert.equal(requests.length, 14);
  });

  /** Below what a filter or "only expiring" leaves: nobody knows what is in them. */
  const refusing = [
    'contoso-firewall: behind its firewall',
    'contoso-no-access: no access, needs the role "Key Vault Reader"',
    'contoso-private: private endpoint only',
  ];

  it('filters by words in name, vault, tags and thumbprint, and leaves out what has none', async () => {
    const { settled, tree, rows, child, store } = treeOf(sandbox);
    await settled();
    tree.filter = 'PORTAL app=';
    assert.deepEqual(await rows(), ['contoso-web: 2 need action · 1 of 10', ...refusing]);
    assert.match((await rows(await child('contoso-web'))).join(), /^ciam-client-app: [^,]*, \d+$/);
    tree.filter = 'legacy';
    assert.deepEqual(await rows(), ['contoso-legacy: 1 of 1', ...refusing]);
    const web = [...store.records.values()].find(({ vault }) => vault.name === 'contoso-web');
    tree.filter = web?.live.get('pem-app')?.thumbprintSha1 ?? '?';
    assert.equal(tree.rows().length, 1);
    tree.filter = 'nothing like it';
    assert.deepEqual(await rows(), refusing);
    assert.equal(tree.welcome(), 'none');
    tree.filter = '';
    assert.equal(tree.welcome(), 'none');
  });

  it('says that nothing matches only where everything was read', async () => {
    const memory = memoryOf();
    for (const { id } of sandbox.state.subscriptions) sandbox.closedSubscriptions.add(id);
    try {
      const { settled, store, tree, rows } = treeOf(sandbox, { memory });
      await store.add(store.vaultOf(sandbox.vaultOrigin('contoso-dev')));
      await settled();
      tree.filter = 'nothing like it';
      assert.deepEqual([await rows(), tree.welcome()], [[], 'noMatch']);
      sandbox.faults.add({ surface: 'vault', kind: 'reply', status: 503, json: {}, path: 'certificates' });
      await store.refreshVault(sandbox.vaultOrigin('contoso-dev'));
      const host = new URL(sandbox.vaultOrigin('contoso-dev')).host;
      assert.deepEqual([await rows(), tree.welcome()], [[`${host}: cannot answer · 0 of 1`], 'none']);
    } finally {
      sandbox.closedSubscriptions.clear();
    }
  });

  it('sorts by expiry, and shows only what needs action', async () => {
    const { settled, rows, child, remembered } = treeOf(sandbox);
    await settled();
    await remembered.setArrangement({ ...remembered.arrangement(), sortBy: 'expiry' });
    const sorted = (await rows(await child('contoso-web'))).map((row) => row.split(':')[0]);
    assert.deepEqual(sorted.slice(0, 2), ['expired-app', 'expiring-app']);
    await remembered.setArrangement({ ...remembered.arrangement(), onlyExpiring: true });
    assert.deepEqual(await rows(), ['contoso-web: 2 need action · 2 of 10', ...refusing]);
    assert.deepEqual(await rows(await child('contoso-web')), [
      'expired-app: expired 3 days ago',
      'expiring-app: expires in 12 days',
    ]);
  });

  it('groups by expiry, with the vaults that refuse below', async () => {
    const { settled, rows, child, remembered } = treeOf(sandbox);
    await settled();
    await remembered.setArrangement({ ...remembered.arrangement(), groupBy: 'expiry' });
    const shown = await rows();
    assert.deepEqual(shown.slice(0, 4), ['Expired: 1', 'Expiring Soon: 1', 'Valid: 9', 'Disabled or Being Created: 2']);
    assert.deepEqual(shown.slice(4).sort(), [
      'contoso-firewall: behind its firewall',
      'contoso-no-access: no access, needs the role "Key Vault Reader"',
      'contoso-private: private endpoint only',
    ]);
    assert.deepEqual(await rows(await child('Expired')), ['expired-app: expired 3 days ago · contoso-web']);
    await remembered.setArrangement({ ...remembered.arrangement(), onlyExpiring: true });
    assert.deepEqual(await rows(), ['Expired: 1', 'Expiring Soon: 1', ...refusing]);
  });

  it('shows deleted certificates on demand', async () => {
    const { settled, rows, child, remembered, store, item } = treeOf(sandbox);
    await settled();
    await remembered.setArrangement({ ...remembered.arrangement(), showDeleted: true });
    store.loadAllDeleted();
    await store.idle();
    const last = (await rows(await child('contoso-web'))).at(-1) ?? '';
    assert.match(last, /^deleted-app: deleted, gone for good on /);
    const deleted = await child('deleted-app', await child('contoso-web'));
    assert.equal(item(deleted).contextValue, 'certificate.deleted');
    // Read anew, they are still there.
    await store.refresh();
    await store.idle();
    assert.match((await rows(await child('contoso-web'))).at(-1) ?? '', /^deleted-app/);
  });

  it('shows one that is just being deleted as deleted, also while the deleted ones are being read', async () => {
    const { settled, rows, child, remembered, store, azure } = treeOf(sandbox);
    await settled();
    await remembered.setArrangement({ ...remembered.arrangement(), showDeleted: true });
    store.loadAllDeleted();
    await store.idle();
    const origin = sandbox.vaultOrigin('contoso-dev');
    const vault = azure.vault('contoso-dev');
    const shown = async () =>
      (await rows(await child('contoso-dev'))).map((row) => row.replace(/ on .*| until .*/, ''));
    for (const name of ['first-to-go', 'next-to-go']) await vault.create({ name, policy: { subject: 'CN=gone' } });
    await store.refreshVault(origin);
    await store.idle();
    await vault.delete('first-to-go');
    await store.refreshCertificate(origin, 'first-to-go');
    const reading = [...store.records.values()].find((record) => record.vault.origin === origin);
    assert.equal(reading?.deletedStatus, 'loading');
    await vault.delete('next-to-go');
    await store.refreshCertificate(origin, 'next-to-go');
    await store.idle();
    const deleted = ['first-to-go: deleted, gone for good', 'next-to-go: deleted, gone for good'];
    assert.deepEqual(await shown(), ['local-app: valid', ...deleted]);
    await vault.recover('first-to-go');
    await store.refreshCertificate(origin, 'first-to-go');
    assert.deepEqual(await shown(), ['first-to-go: valid', 'local-app: valid', deleted[1]]);
    for (const name of ['first-to-go', 'next-to-go']) await vault.delete(name).catch(() => undefined);
  });

  it('follows a change of one certificate without reading the others', async () => {
    const { settled, rows, child, store, azure } = treeOf(sandbox);
    await settled();
    const client = azure.vault('contoso-dev');
    const origin = sandbox.vaultOrigin('contoso-dev');
    await client.create({ name: 'made-now', policy: { subject: 'CN=made-now' } });
    await client.update({ name: 'local-app' }, { enabled: false });
    const before = sandbox.log.length;
    await store.refreshCertificate(origin, 'made-now');
    await store.refreshCertificate(origin, 'local-app');
    assert.equal(sandbox.log.length - before, 2);
    const after = await rows(await child('contoso-dev'));
    assert.equal(after[0], 'local-app: disabled');
    assert.match(after[1] ?? '', /^made-now: valid until/);
    await client.delete('made-now');
    await client.update({ name: 'local-app' }, { enabled: true });
    await store.refreshCertificate(origin, 'made-now');
    await store.refreshVault(origin);
    assert.equal((await rows(await child('contoso-dev'))).length, 1);
  });

  it('keeps vaults that were added by hand, and pins', async () => {
    const memory = memoryOf();
    for (const { id } of sandbox.state.subscriptions) sandbox.closedSubscriptions.add(id);
    try {
      const first = treeOf(sandbox, { memory });
      await first.settled();
      assert.equal(first.tree.welcome(), 'noVaults');
      await first.store.add(first.store.vaultOf(sandbox.vaultOrigin('contoso-dev')));
      await first.store.idle();
      const name = new URL(sandbox.vaultOrigin('contoso-dev')).host;
      assert.deepEqual(await first.rows(), [`${name}: 1 certificate`]);
      const again = treeOf(sandbox, { memory });
      await again.settled();
      const [node] = await again.tree.children();
      assert.ok(node);
      assert.equal(again.item(node).contextValue, 'vault.added');
      sandbox.closedSubscriptions.clear();
      await again.remembered.setPinned([sandbox.vaultOrigin('contoso-web')]);
      await again.store.refresh();
      await again.store.idle();
      const [pinned] = await again.tree.children();
      assert.ok(pinned);
      assert.deepEqual([again.item(pinned).label, again.item(pinned).icon], ['contoso-web', 'pinned']);
      // Once found it has its name, and it stays when it is no longer "added".
      assert.equal(await again.store.remove(sandbox.vaultOrigin('contoso-dev')), true);
      assert.equal(await again.store.remove(sandbox.vaultOrigin('contoso-dev')), false);
      assert.ok((await again.rows()).includes('contoso-dev: 1 certificate'));
    } finally {
      sandbox.closedSubscriptions.clear();
    }
  });

  it('says who is signed out and who may not look', async () => {
    const editor = testEditor(sandbox, undefined);
    editor.user = undefined;
    const out = treeOf(sandbox, { editor });
    await out.settled();
    assert.deepEqual(await out.rows(), []);
    assert.equal(out.tree.welcome(), 'signedOut');
    const forbidden = { code: 'AuthorizationFailed', message: 'No.' };
    sandbox.faults.add({ surface: 'arm', kind: 'reply', status: 403, json: { error: forbidden } });
    const closed = treeOf(sandbox);
    await closed.settled();
    assert.equal(closed.tree.welcome(), 'noPermission');
    sandbox.faults.clear();
    sandbox.faults.add({ surface: 'arm', kind: 'reply', status: 500, json: {} });
    const broken = treeOf(sandbox);
    await broken.settled();
    assert.equal(broken.tree.welcome(), 'none');
    assert.match((await broken.rows()).join(), /^Other vaults: .*cannot answer now/);
    sandbox.faults.clear();
    await broken.store.refresh();
    assert.equal((await broken.rows()).length, 7);
  });

  it('shows a tenant that wants a sign-in of its own, with the tenant to sign in to', async () => {
    const editor = testEditor(sandbox);
    const honest = editor.session.bind(editor);
    editor.session = (provider, scopes, options) =>
      scopes.some((scope) => scope.startsWith('VSCODE_TENANT:eeee'))
        ? Promise.resolve(undefined)
        : honest(provider, scopes, options);
    const { settled, tree, item } = treeOf(sandbox, { editor });
    await settled();
    const node = (await tree.children()).at(-1);
    assert.ok(node?.kind === 'problem');
    assert.equal(item(node).label, 'Contoso Customers');
    assert.equal(item(node).contextValue, 'problem.signIn');
    assert.deepEqual(node.commandOptions, { tenant: 'eeeeeeee-0000-4000-8000-000000000002' });
    // Nobody was asked.
    assert.ok(editor.asked.every(({ interactive }) => !interactive));
  });

  it('keeps what was shown when a vault fails later, and says so', async () => {
    const { settled, rows, child, store } = treeOf(sandbox);
    await settled();
    sandbox.faults.add({ surface: 'vault', kind: 'reply', status: 503, json: {}, path: 'certificates' });
    await store.refreshVault(sandbox.vaultOrigin('contoso-dev'));
    sandbox.faults.clear();
    assert.ok((await rows()).includes('contoso-dev: cannot answer · 1 certificate'));
    assert.equal((await rows(await child('contoso-dev'))).length, 1);
    await store.refreshVault(sandbox.vaultOrigin('contoso-dev'));
    assert.ok((await rows()).includes('contoso-dev: 1 certificate'));
  });

  it('ends the reading also where the vault sends what nobody can have expected', async () => {
    const reported: string[] = [];
    const { settled, rows, child, store } = treeOf(sandbox, { report: (error) => reported.push(String(error)) });
    const value = [{ id: 'https://x.example/y' }];
    sandbox.faults.add({
      surface: 'vault',
      vault: 'contoso-dev',
      kind: 'reply',
      status: 200,
      json: { value },
      skip: 1,
    });
    await settled();
    assert.match(reported.join(), /Invalid y identifier/);
    assert.ok((await rows()).includes('contoso-dev: cannot answer'));
    assert.deepEqual(await rows(await child('contoso-dev')), []);
    sandbox.faults.clear();
    await store.refreshVault(sandbox.vaultOrigin('contoso-dev'));
    assert.ok((await rows()).includes('contoso-dev: 1 certificate'));
  });

  it('forgets everything when somebody else signs in, also what is under way', async () => {
    const { store, tree, rows } = treeOf(sandbox);
    sandbox.faults.add({ surface: 'vault', kind: 'latency', milliseconds: 300 });
    await store.start();
    assert.ok(store.isBusy());
    store.reset();
    tree.reset();
    sandbox.faults.clear();
    await store.idle();
    assert.equal(store.records.size, 0);
    assert.equal(store.search, 'unread');
    assert.equal((await rows()).length, 7);
  });

  it('searches anew at once when somebody else signs in during a search', async () => {
    const { store, rows } = treeOf(sandbox);
    sandbox.faults.add({ surface: 'arm', kind: 'latency', milliseconds: 500 });
    const first = store.start();
    await new Promise((resolve) => setImmediate(resolve));
    store.reset();
    const second = store.start();
    sandbox.faults.clear();
    await Promise.all([first, second]);
    assert.equal((await rows()).length, 7);
  });

  it('hands out what it lists, sorted by expiry, with versions that were opened', async () => {
    const { settled, tree, store, child } = treeOf(sandbox);
    await settled();
    await tree.children(await child('renewed-app', await child('contoso-web')));
    const listed = listedOf(tree.rows(), store);
    assert.deepEqual(
      listed.slice(0, 2).map(({ name, state }) => [name, state]),
      [
        ['expired-app', 'expired'],
        ['expiring-app', 'expiring'],
      ],
    );
    assert.equal(listed.find(({ name }) => name === 'renewed-app')?.versions?.length, 40);
    assert.equal(listed.find(({ name }) => name === 'pem-app')?.versions, undefined);
  });
});
