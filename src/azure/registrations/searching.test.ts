/** Searching app registrations in ways that some tenants, sign-ins and people have. */
import assert from 'node:assert/strict';
import { startSandbox } from '../../../test/sandbox/sandbox.ts';
import type { Sandbox } from '../../../test/sandbox/sandbox.ts';
import { readSeed } from '../../../test/sandbox/seed/seed.ts';
import { azureOf, home } from '../testing/azure.ts';
import type { TestAzure } from '../testing/azure.ts';

describe('searching app registrations', () => {
  let sandbox: Sandbox;
  let azure: TestAzure;
  before(async () => {
    sandbox = await startSandbox({ seed: { ...readSeed(), vaults: [] } });
    const [template] = sandbox.state.directory.applications.filter(({ tenantId }) => tenantId === home);
    assert.ok(template);
    for (const displayName of ['Web App', 'Web Shop', "O'Brien's App"])
      sandbox.state.directory.applications.push({
        ...template,
        id: crypto.randomUUID(),
        appId: crypto.randomUUID(),
        displayName,
      });
  });
  beforeEach(() => {
    azure = azureOf(sandbox);
    sandbox.faults.clear();
  });
  after(() => sandbox.close());

  const found = async (text: string, scope: 'owned' | 'all' = 'all', by = azure) =>
    (await by.registrations.search({ tenant: home, scope, text })).registrations.map(({ displayName }) => displayName);

  it('takes a name in quotes, with more spaces than one, and nothing but a quote for all', async () => {
    for (const text of ['"Web App"', '  Web   App ', 'web app'])
      for (const scope of ['owned', 'all'] as const) assert.deepEqual(await found(text, scope), ['Web App'], text);
    assert.deepEqual(await found('"'), await found(''));
    assert.ok((await found('"')).length >= 5);
  });

  it('filters where the tenant has no $search, as those of Azure AD B2C', async () => {
    const unsupported = { error: { code: 'Request_UnsupportedQuery', message: '$search is not supported' } };
    for (const [text, names] of [
      ["O'Brien's", ["O'Brien's App"]],
      ['"Web', ['Web App', 'Web Shop']],
    ] as const) {
      sandbox.faults.add({
        kind: 'reply',
        surface: 'graph',
        path: '/applications$',
        status: 400,
        json: unsupported,
        times: 1,
      });
      assert.deepEqual(await found(text), names);
    }
  });

  it('knows none that are owned by a person where an application is signed in', async () => {
    const environment = {
      AZURE_TENANT_ID: home,
      AZURE_CLIENT_ID: 'cccccccc-0000-4000-8000-000000000003',
      AZURE_CLIENT_SECRET: sandbox.secrets['sandbox developer'],
    };
    const alone = azureOf(sandbox, { order: ['environment'], environment });
    assert.deepEqual(await found('Web', 'owned', alone), []);
    assert.deepEqual(await found('Web', 'all', alone), ['Web App', 'Web Shop']);
  });
});
