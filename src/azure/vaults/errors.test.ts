import assert from 'node:assert/strict';
import { startSandbox } from '../../../test/sandbox/sandbox.ts';
import type { Sandbox } from '../../../test/sandbox/sandbox.ts';
import { writePkcs12 } from '../../../test/sandbox/pki/pkcs12.ts';
import { makeIdentity } from '../../../test/sandbox/testing.ts';
import type { Fault } from '../../../test/sandbox/http/faults.ts';
import { all, azureOf, codeOf, developer, external, failureOf, home, testEditor } from '../testing/azure.ts';

describe('what goes wrong with a vault', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox();
  });
  afterEach(() => sandbox.faults.clear());
  after(() => sandbox.close());
  const list = (vault = 'contoso-dev') => all(azureOf(sandbox).vault(vault).list());
  /** Only after the challenge, so that each client gets its token first. */
  const spoil = (fault: Fault) => sandbox.faults.add({ surface: 'vault', skip: 1, ...fault });

  it('names the role that is missing, and who lacks it', async () => {
    const failure = await failureOf(list('contoso-no-access'));
    assert.equal(failure.code, 'vault-forbidden');
    assert.match(failure.message, /role "Key Vault Reader"/);
    const { action, objectId } = failure.details.data as Record<string, string>;
    assert.equal(action, 'Microsoft.KeyVault/vaults/certificates/read');
    assert.equal(objectId, '11111111-0000-4000-8000-000000000001');
    const vault = azureOf(sandbox).vault('contoso-no-access');
    const create = await failureOf(vault.create({ name: 'x', policy: { subject: 'CN=x' } }));
    assert.match(create.message, /role "Key Vault Certificates Officer"/);
  });

  it('names the permission that is missing in a vault with access policies', async () => {
    const legacy = sandbox.vault('contoso-legacy');
    const { grants } = legacy;
    legacy.grants = [];
    try {
      const failure = await failureOf(list('contoso-legacy'));
      assert.equal(failure.code, 'vault-forbidden');
      assert.match(failure.message, /permission "certificates get"/);
    } finally {
      legacy.grants = grants;
    }
  });

  it('tells a version that is not there from a certificate that is not there', async () => {
    const vault = azureOf(sandbox).vault('contoso-dev');
    const version = '0'.repeat(32);
    const failure = await failureOf(vault.get({ name: 'local-app', version }));
    assert.equal(failure.code, 'certificate-not-found');
    assert.match(failure.message, new RegExp(`no version ${version}`));
    assert.match((await failureOf(vault.get({ name: 'nowhere' }))).message, /has no certificate nowhere/);
  });

  it('shows the address that a firewall keeps out, and private vaults', async () => {
    const firewall = await failureOf(list('contoso-firewall'));
    assert.equal(firewall.code, 'vault-firewall');
    assert.match(firewall.message, /127\.0\.0\.1/);
    assert.equal(await codeOf(list('contoso-private')), 'vault-private');
  });

  it('recognises a token of another tenant', async () => {
    const editor = testEditor(sandbox);
    const honest = editor.session.bind(editor);
    // An account that does not care which tenant it is asked for; its token has no JWT that we could read it from.
    editor.session = async (provider, scopes, options) =>
      honest(
        provider,
        [...scopes.filter((scope) => !scope.startsWith('VSCODE_TENANT')), `VSCODE_TENANT:${external}`],
        options,
      );
    const early = await failureOf(all(azureOf(sandbox, {}, editor).vault('contoso-dev').list()));
    assert.equal(early.code, 'not-signed-in');
    assert.match(JSON.stringify(early.details.data), /wrong-tenant/);
    const text = `AKV10032: Invalid issuer. Expected one of https://sts.windows.net/${'a'.repeat(8)}-0000-4000-8000-000000000001/, found https://sts.windows.net/${external}/.`;
    spoil({ kind: 'reply', status: 401, json: { error: { code: 'Unauthorized', message: text } } });
    const late = await failureOf(list());
    assert.equal(late.code, 'vault-wrong-tenant');
    assert.match(late.message, /belongs to the tenant aaaaaaaa-0000/);
  });

  it('reports other refused tokens with the words of the service', async () => {
    const message = 'AKV10022: Invalid audience.';
    spoil({ kind: 'reply', status: 401, json: { error: { code: 'Unauthorized', message } } });
    const failure = await failureOf(list());
    assert.equal(failure.code, 'vault-token-refused');
    assert.match(failure.message, /AKV10022/);
  });

  it('waits 1, 2, 4, 8, 16 seconds on 429 without Retry-After, then gives up', async () => {
    const azure = azureOf(sandbox);
    spoil({ kind: 'reply', status: 429, json: { error: { code: 'Throttled', message: 'Too many' } } });
    assert.equal(await codeOf(all(azure.vault('contoso-dev').list())), 'vault-throttled');
    assert.deepEqual(azure.clock.waits, [1_000, 2_000, 4_000, 8_000, 16_000]);
  });

  it('waits as long as a Retry-After says, in seconds, milliseconds or as a date', async () => {
    const date = new Date(sandbox.clock.now() + 9_000).toUTCString();
    for (const [headers, least, most] of [
      [{ 'retry-after': '7' }, 7_000, 7_000],
      [{ 'retry-after-ms': '250' }, 250, 250],
      [{ 'retry-after': date }, 1, 9_000],
    ] as const) {
      const azure = azureOf(sandbox);
      spoil({ kind: 'reply', status: 429, headers, times: 1 });
      assert.equal((await all(azure.vault('contoso-dev').list())).length > 0, true);
      const [wait = 0] = azure.clock.waits;
      assert.ok(wait >= least && wait <= most, `${wait}`);
      sandbox.faults.clear();
    }
  });

  it('does not wait for ever because a service says so', async () => {
    const azure = azureOf(sandbox);
    spoil({ kind: 'reply', status: 429, headers: { 'retry-after': '3600' } });
    assert.equal(await codeOf(all(azure.vault('contoso-dev').list())), 'vault-throttled');
    assert.deepEqual(azure.clock.waits, []);
  });

  it('leaves the waiting at once when cancelled', async () => {
    const azure = azureOf(sandbox);
    const stop = new AbortController();
    azure.clock.onWait = () => stop.abort();
    spoil({ kind: 'reply', status: 429 });
    await assert.rejects(all(azure.vault('contoso-dev').list({ signal: stop.signal })), { name: 'CancelledError' });
    assert.equal(azure.clock.waits.length, 1);
  });

  it('repeats a throttled creation, and nothing else that is not safe to repeat', async () => {
    const azure = azureOf(sandbox);
    const vault = azure.vault('contoso-dev');
    const request = { name: 'throttled-app', policy: { subject: 'CN=t' } };
    spoil({ kind: 'reply', status: 429, times: 1, method: 'POST', skip: 1 });
    assert.equal((await vault.create(request)).status, 'completed');
    assert.equal(azure.clock.waits[0], 1_000);
    sandbox.faults.clear();
    spoil({ kind: 'lostAnswer', method: 'POST', times: 1, skip: 0 });
    const posts = () => sandbox.log.filter(({ method }) => method === 'POST').length;
    const versions = () => sandbox.vault('contoso-dev').certificates['throttled-app']?.versions.length;
    let before = posts();
    // The vault got it: what is under way is waited for, and no second version is asked for.
    assert.equal((await vault.renew('throttled-app')).status, 'completed');
    assert.deepEqual([posts() - before, versions()], [1, 2]);
    const { der, privateKey } = makeIdentity();
    const content = writePkcs12([der], privateKey.export({ type: 'pkcs8', format: 'der' }), '');
    spoil({ kind: 'lostAnswer', method: 'POST', times: 1, skip: 0 });
    before = posts();
    const file = { name: 'throttled-app', content, kind: 'pkcs12', exportable: true } as const;
    assert.equal(await codeOf(vault.import(file)), 'vault-unreachable');
    assert.deepEqual([posts() - before, versions()], [1, 3]);
  });

  it('survives passing failures and reports lasting ones', async () => {
    for (const status of [500, 503]) {
      spoil({ kind: 'reply', status, times: 2 });
      assert.ok((await list()).length > 0);
      sandbox.faults.clear();
      spoil({ kind: 'reply', status, text: '<html>oops</html>' });
      const failure = await failureOf(list());
      assert.equal(failure.code, 'vault-unavailable');
      assert.match(failure.message, new RegExp(`HTTP ${status}`));
      sandbox.faults.clear();
    }
    for (const kind of ['reset', 'truncated'] as const) {
      spoil({ kind, times: 2 });
      assert.ok((await list()).length > 0);
      sandbox.faults.clear();
      spoil({ kind });
      assert.equal(await codeOf(list()), 'vault-unreachable', kind);
      sandbox.faults.clear();
    }
  });

  it('recognises an answer that is not from Key Vault', async () => {
    spoil({ kind: 'brokenJson' });
    assert.equal(await codeOf(list()), 'answer-unreadable');
    sandbox.faults.clear();
    spoil({ kind: 'reply', status: 200, text: '<html>Please sign in to the network</html>' });
    assert.equal(await codeOf(list()), 'answer-unreadable');
    sandbox.faults.clear();
    spoil({ kind: 'reply', status: 200, json: { nothing: 'of it' } });
    assert.equal(await codeOf(list()), 'answer-unreadable');
    sandbox.faults.clear();
    spoil({ kind: 'reply', status: 200, json: [] });
    const vault = azureOf(sandbox).vault('contoso-dev');
    assert.equal(await codeOf(vault.creation('local-app')), 'answer-unreadable');
    assert.equal(await codeOf(vault.get({ name: 'local-app' })), 'answer-unreadable');
  });

  it('takes no refusal of a proxy or gateway for one of the vault', async () => {
    const vault = azureOf(sandbox).vault('contoso-dev');
    await vault.get({ name: 'local-app' });
    for (const status of [302, 307, 400, 403, 404, 407, 409]) {
      for (const text of ['', '<html>Blocked</html>', '{"message":"Blocked"}']) {
        sandbox.faults.clear();
        sandbox.faults.add({ surface: 'vault', kind: 'reply', status, text, headers: { location: '/elsewhere' } });
        const what = `${status} ${text}`;
        assert.equal(await codeOf(vault.get({ name: 'local-app' })), 'answer-unreadable', what);
        assert.equal(await codeOf(all(vault.list())), 'answer-unreadable', what);
        assert.equal(await codeOf(vault.creation('local-app')), 'answer-unreadable', what);
      }
    }
  });

  it('reads refusals without a word', async () => {
    const vault = azureOf(sandbox).vault('contoso-dev');
    await vault.get({ name: 'local-app' });
    for (const [status, code] of [
      [401, 'vault-token-refused'],
      [408, 'vault-unavailable'],
      [429, 'vault-throttled'],
      [500, 'vault-unavailable'],
    ] as const) {
      sandbox.faults.clear();
      sandbox.faults.add({ surface: 'vault', kind: 'reply', status, text: '' });
      assert.equal(await codeOf(vault.get({ name: 'local-app' })), code, `${status}`);
      assert.equal(await codeOf(all(vault.list())), code, `${status}`);
    }
  });

  it('tells a certificate that is not trusted from a broken line', async () => {
    for (const mode of ['untrusted', 'expired', 'wrongName'] as const) {
      sandbox.setTls(mode, 'vault', 'contoso-dev');
      assert.equal(await codeOf(list()), 'tls-not-trusted', mode);
    }
    sandbox.setTls('trusted', 'vault', 'contoso-dev');
    assert.ok((await list()).length > 0);
  });

  it('tells a vault that does not exist from one that cannot be reached', async () => {
    const sandboxCloud = azureOf(sandbox).cloud;
    const cloud = {
      ...sandboxCloud,
      vaultOrigins: ['https://no-such-vault.invalid', 'https://localhost:1'],
    };
    const azure = azureOf(sandbox, { cloud });
    const listAt = (origin: string) => all(azure.vaults.open({ name: 'x', origin }).list());
    assert.equal(await codeOf(listAt('https://no-such-vault.invalid')), 'vault-not-found');
    assert.equal(await codeOf(listAt('https://localhost:1')), 'vault-unreachable');
  });

  it('sends no token to another origin, wherever a nextLink points', async () => {
    const elsewhere = await startSandbox({ ca: sandbox.ca });
    try {
      for (const [nextLink, code] of [
        [
          `${elsewhere.vaultOrigin('contoso-dev')}/certificates?api-version=7.4&$skiptoken=x`,
          'address-outside-service',
        ],
        [`${sandbox.vaultOrigin('contoso-web')}/certificates?api-version=7.4`, 'address-outside-service'],
        [
          `http://localhost:${new URL(sandbox.vaultOrigin('contoso-dev')).port}/certificates`,
          'address-outside-service',
        ],
        [
          `https://user:pw@${new URL(elsewhere.vaultOrigin('contoso-dev')).host}/certificates`,
          'address-outside-service',
        ],
      ] as const) {
        spoil({ kind: 'reply', status: 200, json: { value: [], nextLink }, times: 1 });
        const before = sandbox.log.length;
        assert.equal(await codeOf(list()), code, nextLink);
        assert.equal(elsewhere.log.length, 0);
        assert.ok(sandbox.log.slice(before).every(({ vault }) => vault === 'contoso-dev'));
        sandbox.faults.clear();
      }
    } finally {
      await elsewhere.close();
    }
  });

  it('follows no redirect to another origin with a token', async () => {
    const location = `${sandbox.vaultOrigin('contoso-web')}/certificates?api-version=7.4`;
    spoil({ kind: 'reply', status: 307, headers: { location }, times: 1 });
    const before = sandbox.log.length;
    assert.ok((await codeOf(list())) !== '');
    assert.ok(sandbox.log.slice(before).every(({ vault }) => vault === 'contoso-dev'));
  });

  it('ignores a challenge that names another resource', async () => {
    const challenge = `Bearer authorization="https://localhost/${home}", resource="https://evil.example"`;
    sandbox.faults.add({
      surface: 'vault',
      kind: 'reply',
      status: 401,
      headers: { 'www-authenticate': challenge },
      times: 1,
    });
    const azure = azureOf(sandbox);
    await all(azure.vault('contoso-dev').list());
    assert.ok(azure.editor.asked.every(({ scopes }) => scopes[0] === 'https://vault.azure.net/.default'));
  });

  it('can be cancelled in the middle of an answer', async () => {
    spoil({ kind: 'latency', milliseconds: 60_000 });
    const stop = new AbortController();
    const work = all(
      azureOf(sandbox, {}, testEditor(sandbox, developer)).vault('contoso-dev').list({ signal: stop.signal }),
    );
    setImmediate(() => stop.abort());
    await assert.rejects(work, { name: 'CancelledError' });
  });
});
