import assert from 'node:assert/strict';
import { startSandbox } from '../../test/sandbox/sandbox.ts';
import type { Sandbox } from '../../test/sandbox/sandbox.ts';
import type { FoundVaults } from './types.ts';
import { azureOf, codeOf, developer, external, failureOf, home, testEditor } from './testing/azure.ts';

describe('finding vaults', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox();
  });
  afterEach(() => sandbox.faults.clear());
  after(() => sandbox.close());

  it('lists tenants and subscriptions', async () => {
    const { discovery } = azureOf(sandbox);
    const tenants = await discovery.tenants();
    assert.deepEqual(
      tenants.map(({ id, displayName }) => [id, displayName]),
      [
        [home, 'Contoso'],
        [external, 'Contoso Customers'],
      ],
    );
    const names = (await discovery.subscriptions(home)).map(({ displayName }) => displayName);
    assert.deepEqual(names, ['Contoso Production', 'Contoso Development']);
  });

  it('finds the vaults of all tenants with one query per tenant', async () => {
    const azure = azureOf(sandbox);
    const before = sandbox.log.length;
    const steps: FoundVaults[] = [];
    const { vaults, problems, tenants } = await azure.discovery.vaults({ onFound: (found) => steps.push(found) });
    assert.deepEqual(problems, []);
    assert.equal(tenants.length, 2);
    assert.equal(steps.length, 2);
    assert.deepEqual(
      vaults.map(({ name }) => name),
      sandbox.state.vaults.map(({ name }) => name).sort(),
    );
    const web = vaults.find(({ name }) => name === 'contoso-web');
    assert.equal(web?.origin, sandbox.vaultOrigin('contoso-web'));
    assert.deepEqual(
      [web.tenant, web.subscription, web.resourceGroup, web.location],
      [home, 'Contoso Production', 'web', 'westeurope'],
    );
    assert.match(web.resourceId ?? '', /^\/subscriptions\/.*\/vaults\/contoso-web$/i);
    const queries = sandbox.log.slice(before).filter(({ path }) => path.includes('ResourceGraph'));
    assert.equal(queries.length, 2);
    assert.equal(azure.vaults.open(web).vault.name, 'contoso-web');
    assert.match(
      azure.portalLink(web) ?? '',
      /^https:\/\/portal\.example\/#@aaaaaaaa.*\/vaults\/contoso-web\/certificates$/,
    );
  });

  it('reads every page of a long answer, and stops with a service that repeats itself', async () => {
    const row = (index: number) => ({
      name: `vault-${index}`,
      uri: `${sandbox.vaultOrigin('contoso-dev')}/`,
      tenantId: home,
    });
    const page = (index: number, next?: string) => ({
      surface: 'arm' as const,
      path: 'ResourceGraph',
      kind: 'reply' as const,
      status: 200,
      times: 1,
      json: { data: [row(index)], ...(next === undefined ? {} : { $skipToken: next }) },
    });
    sandbox.faults.add(page(1, 'a'));
    sandbox.faults.add(page(2, 'b'));
    sandbox.faults.add(page(3, 'b'));
    const before = sandbox.log.length;
    const { vaults } = await azureOf(sandbox).discovery.vaults({ tenants: [home] });
    // All rows name the same origin, and an origin is one vault.
    assert.equal(vaults.length, 1);
    assert.equal(sandbox.log.slice(before).filter(({ path }) => path.includes('ResourceGraph')).length, 3);
  });

  it('leaves out vaults whose address must not get a token', async () => {
    sandbox.faults.add({
      surface: 'arm',
      path: 'ResourceGraph',
      kind: 'reply',
      status: 200,
      json: { data: [{ name: 'evil', uri: 'https://evil.example/' }, 7, null, { name: 1 }] },
    });
    assert.deepEqual((await azureOf(sandbox).discovery.vaults()).vaults, []);
  });

  it('makes a tenant that fails a problem of its own', async () => {
    const editor = testEditor(sandbox);
    const honest = editor.session.bind(editor);
    editor.session = (provider, scopes, options) =>
      scopes.includes(`VSCODE_TENANT:${external}`) ? Promise.resolve(undefined) : honest(provider, scopes, options);
    const { vaults, problems } = await azureOf(sandbox, {}, editor).discovery.vaults({ interactive: true });
    assert.equal(vaults.length, sandbox.state.vaults.length);
    assert.deepEqual(
      problems.map(({ tenant, code }) => [tenant.displayName, code]),
      [['Contoso Customers', 'not-signed-in']],
    );
    // Nobody is asked once per tenant.
    assert.ok(editor.asked.every(({ scopes, interactive }) => scopes.length === 1 || !interactive));
    const again = await azureOf(sandbox, {}, editor).discovery.vaults({ interactive: true, tenants: [external] });
    assert.equal(again.problems[0]?.code, 'sign-in-failed');
  });

  it('rejects when not even the tenants can be listed', async () => {
    const tenants = () => azureOf(sandbox).discovery.vaults();
    const spoil = (status: number, code: string, message: string) =>
      sandbox.faults.add({ surface: 'arm', kind: 'reply', status, json: { error: { code, message } } });
    for (const [status, code] of [
      [401, 'azure-token-refused'],
      [403, 'azure-forbidden'],
      [400, 'azure-refused-request'],
      [429, 'azure-throttled'],
      [500, 'azure-unavailable'],
    ] as const) {
      spoil(status, 'SomeCode', 'The words of the service');
      const failure = await failureOf(tenants());
      assert.equal(failure.code, code);
      sandbox.faults.clear();
    }
    sandbox.faults.add({ surface: 'arm', kind: 'brokenJson' });
    assert.equal(await codeOf(tenants()), 'answer-unreadable');
    sandbox.faults.clear();
    sandbox.faults.add({ surface: 'arm', kind: 'reset' });
    assert.equal(await codeOf(tenants()), 'azure-unreachable');
    sandbox.faults.clear();
    sandbox.setTls('untrusted', 'arm');
    assert.equal(await codeOf(tenants()), 'tls-not-trusted');
    sandbox.setTls('trusted', 'arm');
  });

  it('sends no token to another origin, wherever a nextLink points', async () => {
    const nextLink = `${sandbox.graphOrigin}/tenants`;
    sandbox.faults.add({ surface: 'arm', kind: 'reply', status: 200, json: { value: [], nextLink } });
    const before = sandbox.log.length;
    assert.equal(await codeOf(azureOf(sandbox).discovery.tenants()), 'address-outside-service');
    assert.ok(sandbox.log.slice(before).every(({ surface }) => surface === 'arm'));
  });

  it('answers a claims challenge once, with the claims', async () => {
    const claims = Buffer.from('{"access_token":{}}').toString('base64');
    const challenge = `Bearer authorization_uri="https://x", error="insufficient_claims", claims="${claims}"`;
    sandbox.faults.add({
      surface: 'arm',
      kind: 'reply',
      status: 401,
      headers: { 'www-authenticate': challenge },
      json: {},
      times: 1,
    });
    const azure = azureOf(sandbox);
    assert.equal((await azure.discovery.tenants()).length, 2);
    assert.equal(azure.editor.asked.find((request) => request.challenge !== undefined)?.challenge, challenge);
  });

  it('can be cancelled', async () => {
    sandbox.faults.add({ surface: 'arm', kind: 'latency', milliseconds: 60_000, path: 'ResourceGraph' });
    const stop = new AbortController();
    const azure = azureOf(sandbox, {}, testEditor(sandbox, developer));
    const work = azure.discovery.vaults({ signal: stop.signal });
    setTimeout(() => stop.abort(), 50);
    await assert.rejects(work, { name: 'CancelledError' });
  });
});
