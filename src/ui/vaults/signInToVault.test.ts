import assert from 'node:assert/strict';
import { startSandbox } from '../../../test/sandbox/sandbox.ts';
import type { Sandbox } from '../../../test/sandbox/sandbox.ts';
import { developer, home, testEditor } from '../../azure/testing/azure.ts';
import { treeOf } from '../vaultTree/testing/vaultTree.ts';
import { signInToVault } from './signInToVault.ts';

describe('signing in as a vault wants it', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox();
  });
  after(() => sandbox.close());

  /** An account that Resource Manager takes as it is, and that has to be confirmed for Key Vault. */
  const unconfirmed = () => {
    const editor = testEditor(sandbox);
    const honest = editor.session.bind(editor);
    const confirmed = new Set<string>();
    editor.session = (provider, scopes, options) => {
      const isVault = scopes[0]?.startsWith('https://vault.azure.net') === true;
      if (options.interactive) confirmed.add(scopes.join());
      if (!isVault || confirmed.has(scopes.join())) return honest(provider, scopes, options);
      return Promise.resolve(undefined);
    };
    return editor;
  };
  const { signal } = new AbortController();

  it('is offered by the rows of the vaults, and opens them', async () => {
    const editor = unconfirmed();
    const { azure, settled, rows, child, item, store, remembered } = treeOf(sandbox, { editor });
    await settled();
    const web = await child('contoso-web');
    assert.deepEqual([item(web).description, item(web).contextValue], ['sign in to see it', 'vault.signIn']);
    await remembered.setPinned([sandbox.vaultOrigin('contoso-web')]);
    assert.equal(item(web).contextValue, 'vault.pinned.signIn');
    assert.ok('commandOptions' in web);
    assert.deepEqual(web.commandOptions, { vault: sandbox.vaultOrigin('contoso-web') });

    const token = await signInToVault({ azure: () => azure }, sandbox.vaultOrigin('contoso-web'), signal);
    assert.deepEqual([token.account, token.tenant], [developer, home]);
    assert.deepEqual(
      editor.asked.filter(({ interactive }) => interactive).map(({ scopes }) => scopes),
      [['https://vault.azure.net/.default', `VSCODE_TENANT:${home}`]],
    );
    store.reset();
    await settled();
    assert.ok((await rows()).includes('contoso-web: 2 need action · 10 certificates'));
    assert.equal(item(await child('contoso-web')).contextValue, 'vault.pinned');
  });

  it('is offered where certificates are grouped by expiry, too', async () => {
    const { settled, child, item, remembered } = treeOf(sandbox, { editor: unconfirmed() });
    await settled();
    await remembered.setArrangement({ ...remembered.arrangement(), groupBy: 'expiry' });
    const web = await child('contoso-web');
    assert.equal(item(web).contextValue, 'problem.signIn');
    assert.ok('commandOptions' in web);
    assert.deepEqual(web.commandOptions, { vault: sandbox.vaultOrigin('contoso-web') });
  });

  it('works where the vault then refuses something else, and not where nobody signs in', async () => {
    const { azure } = treeOf(sandbox, { editor: unconfirmed() });
    const tools = { azure: () => azure };
    assert.equal((await signInToVault(tools, 'contoso-no-access', signal)).account, developer);
    azure.signOut();
    azure.editor.user = undefined;
    await assert.rejects(signInToVault(tools, sandbox.vaultOrigin('contoso-web'), signal), { code: 'sign-in-failed' });
  });
});
