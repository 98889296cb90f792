import assert from 'node:assert/strict';
import { startSandbox } from '../sandbox.ts';
import type { Sandbox } from '../sandbox.ts';
import { createAsk } from '../testing.ts';
import type { Answer, Ask } from '../testing.ts';

const home = 'aaaaaaaa-0000-4000-8000-000000000001';
const external = 'eeeeeeee-0000-4000-8000-000000000002';
const production = '55555555-0000-4000-8000-000000000001';
const development = '55555555-0000-4000-8000-000000000002';

describe('Resource Manager', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox();
  });
  after(() => sandbox.close());

  const ask = (path: string, options: Ask & { tenant?: string; resource?: string } = {}): Promise<Answer> => {
    const token = sandbox.userToken({
      user: 'dev@contoso.onmicrosoft.com',
      tenant: options.tenant ?? home,
      resource: options.resource ?? 'https://management.azure.com/',
    });
    return createAsk(sandbox.ca.certificatePem)(`${sandbox.armOrigin}${path}`, {
      ...options,
      headers: { authorization: `Bearer ${token}` },
    });
  };
  const valuesOf = (answer: Answer): Record<string, unknown>[] => answer.body.value as Record<string, unknown>[];
  const codeOf = (answer: Answer): string => (answer.body.error as { code: string }).code;

  it('lists the tenants of a user, and per tenant its subscriptions', async () => {
    const tenants = valuesOf(await ask('/tenants?api-version=2022-12-01'));
    assert.deepEqual(
      tenants.map(({ tenantId }) => tenantId),
      [home, external],
    );
    const subscriptions = await ask('/subscriptions?api-version=2022-12-01');
    assert.deepEqual(
      valuesOf(subscriptions).map(({ subscriptionId, state }) => [subscriptionId, state]),
      [
        [production, 'Enabled'],
        [development, 'Enabled'],
      ],
    );
    assert.deepEqual(valuesOf(await ask('/subscriptions?api-version=2022-12-01', { tenant: external })), []);
  });

  it('lists the vaults of a subscription, page by page, with the recorded shape [rec]', async () => {
    const path = `/subscriptions/${production}/providers/Microsoft.KeyVault/vaults?api-version=2026-02-01`;
    const all = valuesOf(await ask(path));
    const vault = all.find(({ name }) => name === 'contoso-web') ?? {};
    assert.equal(vault.type, 'Microsoft.KeyVault/vaults');
    const { vaultUri, tenantId, sku, enableRbacAuthorization } = vault.properties as Record<string, unknown>;
    assert.equal(vaultUri, `${sandbox.vaultOrigin('contoso-web')}/`);
    assert.deepEqual([tenantId, sku, enableRbacAuthorization], [home, { family: 'A', name: 'standard' }, true]);
    const first = await ask(`${path}&$top=2`);
    assert.equal(valuesOf(first).length, 2);
    const next = new URL(String(first.body.nextLink));
    assert.equal(valuesOf(await ask(next.pathname + next.search)).length, 2);
    const one = await ask(
      `/subscriptions/${production}/resourceGroups/web/providers/Microsoft.KeyVault/vaults/contoso-web?api-version=2026-02-01`,
    );
    assert.equal(one.body.id, vault.id);
  });

  const query =
    "resources | where type =~ 'microsoft.keyvault/vaults' | project id, name, location, tenantId, subscriptionId, uri = tostring(properties.vaultUri) | order by name asc";
  const graph = (body: object, tenant = home): Promise<Answer> =>
    ask('/providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01', { json: body, tenant });

  it('answers one Resource Graph query for all vaults, in pages', async () => {
    const names: unknown[] = [];
    let skip: string | undefined;
    do {
      const { body, status } = await graph({
        query,
        options: { resultFormat: 'objectArray', $top: 3, ...(skip === undefined ? {} : { $skipToken: skip }) },
      });
      assert.equal(status, 200);
      assert.deepEqual([body.totalRecords, body.resultTruncated], [7, 'false']);
      names.push(...(body.data as { name: string }[]).map(({ name }) => name));
      skip = body.$skipToken as string | undefined;
    } while (skip !== undefined);
    assert.deepEqual(names, [
      'contoso-certs-only',
      'contoso-dev',
      'contoso-firewall',
      'contoso-legacy',
      'contoso-no-access',
      'contoso-private',
      'contoso-web',
    ]);
    const { body } = await graph({
      query: `${query.split(' | order')[0] ?? ''} | where name == 'contoso-dev'`,
      subscriptions: [development],
    });
    assert.deepEqual((body.data as Record<string, unknown>[])[0]?.uri, `${sandbox.vaultOrigin('contoso-dev')}/`);
    assert.equal((await graph({ query, subscriptions: [] }, external)).body.totalRecords, 0);
  });

  it('does not take a query that it does not understand for an empty answer', async () => {
    for (const bad of ['resources | summarize count()', 'nonsense', 'resources | where strlen(name) > 3']) {
      assert.equal((await graph({ query: bad })).status, 400);
    }
  });

  it('refuses with the codes of the service', async () => {
    const plain = createAsk(sandbox.ca.certificatePem);
    const anonymous = await plain(`${sandbox.armOrigin}/subscriptions?api-version=2022-12-01`);
    assert.deepEqual([anonymous.status, codeOf(anonymous)], [401, 'AuthenticationFailed']);
    assert.match(anonymous.headers['www-authenticate'] ?? '', /^Bearer authorization_uri="/);
    const path = `/subscriptions/${production}/providers/Microsoft.KeyVault/vaults?api-version=2026-02-01`;
    assert.equal(codeOf(await ask(path, { tenant: external })), 'InvalidAuthenticationTokenTenant');
    assert.equal(
      codeOf(await ask(path, { resource: 'https://vault.azure.net' })),
      'InvalidAuthenticationTokenAudience',
    );
    assert.equal(
      codeOf(await ask('/subscriptions/00000000-0000-0000-0000-000000000000?api-version=2022-12-01')),
      'SubscriptionNotFound',
    );
    assert.equal(codeOf(await ask('/subscriptions')), 'MissingApiVersionParameter');
    sandbox.closedSubscriptions.add(production);
    assert.equal(codeOf(await ask(path)), 'AuthorizationFailed');
    assert.equal((await graph({ query })).body.totalRecords, 2);
  });
});
