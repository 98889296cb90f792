import assert from 'node:assert/strict';
import { startSandbox } from '../../../test/sandbox/sandbox.ts';
import type { Sandbox } from '../../../test/sandbox/sandbox.ts';
import { all, azureOf, codeOf, home } from '../testing/azure.ts';

describe('reading a vault', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox();
  });
  after(() => sandbox.close());
  const rowsOf = async (name: string) => all(azureOf(sandbox).vault(name).list());

  it('lists certificates with dates, state and thumbprint', async () => {
    const rows = await rowsOf('contoso-web');
    const app = rows.find(({ name }) => name === 'ciam-client-app');
    assert.equal(app?.vault, 'contoso-web');
    assert.equal(app.enabled, true);
    assert.match(app.thumbprintSha1 ?? '', /^[0-9A-F]{40}$/);
    assert.deepEqual(app.tags, { app: 'portal' });
    assert.ok((app.expires ?? 0) > Date.now());
    assert.equal(rows.find(({ name }) => name === 'disabled-app')?.enabled, false);
    assert.equal(rows.find(({ name }) => name === 'pending-order')?.pending, true);
    assert.ok((rows.find(({ name }) => name === 'expired-app')?.expires ?? 0) < Date.now());
  });

  it('knows the tenant of a vault once the vault has answered', async () => {
    const vault = azureOf(sandbox).vault('contoso-web');
    assert.equal(vault.vault.tenant, undefined);
    await all(vault.list());
    assert.equal(vault.vault.tenant, 'aaaaaaaa-0000-4000-8000-000000000001');
  });

  it('leaves pending creations out on request', async () => {
    const rows = await all(azureOf(sandbox).vault('contoso-web').list({ pending: false }));
    assert.ok(rows.length > 5 && rows.every(({ pending }) => pending !== true));
  });

  it('lists all 40 versions of a certificate, and deleted certificates', async () => {
    const vault = azureOf(sandbox).vault('contoso-web');
    const versions = await all(vault.versions('renewed-app'));
    assert.equal(new Set(versions.map(({ version }) => version)).size, 40);
    const [deleted] = await all(vault.deleted());
    assert.equal(deleted?.name, 'deleted-app');
    assert.ok((deleted.deleted?.scheduledPurge ?? 0) > Date.now());
  });

  it('tells everything of one certificate and of one version', async () => {
    const vault = azureOf(sandbox).vault('contoso-web');
    const newest = await vault.get({ name: 'ciam-client-app' });
    assert.match(newest.version ?? '', /^[0-9a-f]{32}$/);
    assert.match(newest.thumbprintSha256 ?? '', /^[0-9A-F]{64}$/);
    assert.equal(newest.policy?.subject, 'CN=ciam-client-app, O=Contoso');
    assert.equal(newest.recoveryLevel, 'Recoverable+Purgeable');
    const same = await vault.get({ name: 'ciam-client-app', version: newest.version ?? '' });
    assert.equal(same.thumbprintSha256, newest.thumbprintSha256);
    assert.equal(same.id, newest.id);
  });

  it('bears a certificate that has no version yet', async () => {
    const pending = await azureOf(sandbox).vault('contoso-web').get({ name: 'pending-order' });
    assert.equal(pending.pending, true);
    assert.equal(pending.certificateDer, undefined);
    assert.equal(pending.version, undefined);
  });

  it('names the issuers that a vault can order from', async () => {
    assert.deepEqual(await azureOf(sandbox).vault('contoso-web').issuers(), ['ContosoCA']);
  });

  it('asks for a token of the tenant that the challenge names, once', async () => {
    const azure = azureOf(sandbox);
    await all(azure.vault('contoso-web').list());
    await azure.vault('contoso-web').get({ name: 'pem-app' });
    assert.deepEqual(
      azure.editor.asked.map(({ scopes }) => scopes),
      [['https://vault.azure.net/.default', `VSCODE_TENANT:${home}`]],
    );
  });

  it('satisfies a claims challenge with the claims and the header it came in', async () => {
    const vault = sandbox.vault('contoso-dev');
    vault.behaviour.requiredContext = 'c1';
    try {
      const azure = azureOf(sandbox);
      // The account of this suite cannot satisfy it; what matters is what it is asked for.
      assert.equal(await codeOf(all(azure.vault('contoso-dev').list())), 'vault-token-refused');
      const challenged = azure.editor.asked.find(({ challenge }) => challenge !== undefined);
      assert.match(challenged?.challenge ?? '', /insufficient_claims/);
    } finally {
      delete vault.behaviour.requiredContext;
    }
  });

  it('starts silently and asks only when it may', async () => {
    const azure = azureOf(sandbox);
    azure.editor.user = undefined;
    assert.equal(await codeOf(all(azure.vault('contoso-dev').list())), 'not-signed-in');
    const session = azure.editor.session.bind(azure.editor);
    azure.editor.session = (provider, scopes, options) => {
      if (options.interactive) azure.editor.user = 'dev@contoso.onmicrosoft.com';
      return session(provider, scopes, options);
    };
    const rows = await all(azure.vault('contoso-dev').list({ interactive: true }));
    assert.equal(rows[0]?.name, 'local-app');
    azure.forgetTokens();
    azure.editor.user = undefined;
    assert.equal(await codeOf(all(azure.vault('contoso-dev').list())), 'not-signed-in');
  });

  it('keeps tokens from hosts that are no vault of the cloud', () => {
    const { vaults } = azureOf(sandbox);
    assert.throws(() => vaults.open({ name: 'x', origin: sandbox.armOrigin }), { code: 'vault-not-in-cloud' });
    assert.throws(() => vaults.fromInput('https://evil.example'), { code: 'vault-not-in-cloud' });
  });
});
