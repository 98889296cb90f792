import assert from 'node:assert/strict';
import type { ArmClient } from './arm/client.ts';
import { resolveCloud } from './clouds.ts';
import { createDiscovery } from './discovery.ts';

/** Resource Manager as far as finding vaults asks it: each tenant with its subscriptions' names and rows. */
function armOf(
  tenants: Readonly<Record<string, { readonly subscription: string; readonly rows: object[] }>>,
): ArmClient {
  return {
    list: (path, { tenant = '' }) =>
      Promise.resolve(
        path.startsWith('/tenants')
          ? Object.keys(tenants).map((tenantId) => ({ tenantId }))
          : [{ subscriptionId: 's', displayName: tenants[tenant]?.subscription }],
      ),
    send: (_path, { tenant = '', body }) => {
      const { $top = 0, $skipToken = '0' } = (body as { options: { $top?: number; $skipToken?: string } }).options;
      const rows = tenants[tenant]?.rows ?? [];
      const end = Number($skipToken) + $top;
      return Promise.resolve({
        data: rows.slice(Number($skipToken), end),
        ...(end < rows.length ? { $skipToken: String(end) } : {}),
      });
    },
  };
}

const row = (index: number) => ({
  ...{ name: `vault-${index}`, uri: `https://vault-${index}.vault.azure.net/`, tenantId: 'home', subscriptionId: 's' },
});

describe('finding vaults that are many or seen twice', () => {
  it('goes on where the last page ended', async () => {
    const rows = Array.from({ length: 2_500 }, (_, index) => row(index));
    const { vaults } = await createDiscovery(
      resolveCloud('public'),
      armOf({ home: { subscription: 'Mine', rows } }),
    ).vaults();
    assert.equal(new Set(vaults.map(({ name }) => name)).size, 2_500);
  });

  it('lists a vault once that two tenants show, as the first one does', async () => {
    const arm = armOf({
      home: { subscription: 'Mine', rows: [row(1)] },
      managing: { subscription: 'Customer', rows: [row(1), row(2)] },
    });
    const { vaults } = await createDiscovery(resolveCloud('public'), arm).vaults({ tenants: ['home', 'managing'] });
    assert.deepEqual(
      vaults.map(({ name, subscription }) => [name, subscription]),
      [
        ['vault-1', 'Mine'],
        ['vault-2', 'Customer'],
      ],
    );
  });
});
