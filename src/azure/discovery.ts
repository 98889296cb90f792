/** Tenants, subscriptions and vaults that the account can see. */
import { isCancelled, isExpectedError, throwIfCancelled } from '../base/errors.ts';
import { objectsIn } from './arm/client.ts';
import type { ArmClient } from './arm/client.ts';
import { isVaultOrigin } from './clouds.ts';
import type { AzureTenant, Cloud, Discovery, FoundVaults, Subscription, TenantProblem, Vault } from './types.ts';
import type { CallOptions } from './vaults/types.ts';

/** At once; more would only run into Resource Graph's limit of 15 queries in 5 seconds. */
const tenantsAtOnce = 3;
const pageSize = 1_000;

/** The tenant's own name for the subscription comes from the subscriptions, since only some may read containers. */
const query =
  "resources | where type =~ 'microsoft.keyvault/vaults' | project id, name, location, tenantId, subscriptionId, resourceGroup, uri = tostring(properties.vaultUri) | order by name asc";

export function createDiscovery(cloud: Cloud, arm: ArmClient): Discovery {
  const tenants = async (options: CallOptions = {}): Promise<readonly AzureTenant[]> =>
    (await arm.list('/tenants?api-version=2022-12-01', options)).flatMap((item) => toTenant(item) ?? []);

  const subscriptions = async (tenant: string, options: CallOptions = {}): Promise<readonly Subscription[]> =>
    (await arm.list('/subscriptions?api-version=2022-12-01', { ...options, tenant })).flatMap(
      (item) => toSubscription(item, tenant) ?? [],
    );

  const vaultsOf = async (tenant: AzureTenant, options: CallOptions): Promise<Vault[]> => {
    const [known, rows] = await Promise.all([
      subscriptions(tenant.id, options),
      graphRows(arm, { ...options, tenant: tenant.id }),
    ]);
    const names = new Map(known.map(({ id, displayName }) => [id.toLowerCase(), displayName]));
    return rows.flatMap((row) => toVault(row, tenant, names, cloud) ?? []);
  };

  return {
    tenants,
    subscriptions,
    async vaults(options = {}) {
      const { signal, onFound } = options;
      const named = options.tenants?.map((id): AzureTenant => ({ id }));
      const asked = named ?? (await tenants(options));
      const found = new Map<string, Vault>();
      const answered: AzureTenant[] = [];
      const problems: TenantProblem[] = [];
      // A prompt per tenant is more than anybody wants: whoever cannot sign in silently is a problem with its own action.
      const interactive = options.interactive === true && (named !== undefined || asked.length === 1);
      const result = (): FoundVaults => ({
        vaults: [...found.values()].sort((a, b) => a.name.localeCompare(b.name) || a.origin.localeCompare(b.origin)),
        tenants: [...answered],
        problems: [...problems],
      });
      await inParallel(asked, tenantsAtOnce, async (tenant) => {
        throwIfCancelled(signal);
        try {
          const vaults = await vaultsOf(tenant, { interactive, ...(signal === undefined ? {} : { signal }) });
          // With Azure Lighthouse a vault shows up in more than one tenant.
          for (const vault of vaults) found.set(vault.origin, found.get(vault.origin) ?? vault);
          answered.push(tenant);
        } catch (error) {
          if (isCancelled(error) || !isExpectedError(error)) throw error;
          problems.push({ tenant, code: error.code, message: error.message });
        }
        onFound?.(result());
      });
      return result();
    },
  };
}

async function graphRows(arm: ArmClient, request: CallOptions & { readonly tenant: string }) {
  const rows: Record<string, unknown>[] = [];
  let skipToken: unknown;
  do {
    const answer = await arm.send('/providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01', {
      ...request,
      body: {
        query,
        options: {
          resultFormat: 'objectArray',
          $top: pageSize,
          ...(typeof skipToken === 'string' ? { $skipToken: skipToken } : {}),
        },
      },
    });
    const page = objectsIn(answer.data);
    rows.push(...page);
    // A service that repeats itself must not keep us for ever.
    skipToken = page.length > 0 && answer.$skipToken !== skipToken ? answer.$skipToken : undefined;
  } while (typeof skipToken === 'string' && skipToken !== '');
  return rows;
}

/** The first failure that is no tenant's problem ends all. */
async function inParallel<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const worker = async (): Promise<void> => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}

function toTenant(item: Readonly<Record<string, unknown>>): AzureTenant | undefined {
  const { tenantId, displayName, defaultDomain } = item;
  if (typeof tenantId !== 'string') return undefined;
  return {
    id: tenantId,
    ...(typeof displayName === 'string' ? { displayName } : {}),
    ...(typeof defaultDomain === 'string' ? { domain: defaultDomain } : {}),
  };
}

function toSubscription(item: Readonly<Record<string, unknown>>, tenant: string): Subscription | undefined {
  const { subscriptionId, displayName } = item;
  if (typeof subscriptionId !== 'string') return undefined;
  return { id: subscriptionId, displayName: typeof displayName === 'string' ? displayName : subscriptionId, tenant };
}

/** Undefined for an address that must not get this cloud's tokens. */
function toVault(
  row: Readonly<Record<string, unknown>>,
  tenant: AzureTenant,
  subscriptions: ReadonlyMap<string, string>,
  cloud: Cloud,
): Vault | undefined {
  const text = (name: string): string | undefined => (typeof row[name] === 'string' ? row[name] : undefined);
  const uri = text('uri') ?? '';
  const name = text('name');
  if (name === undefined || !URL.canParse(uri)) return undefined;
  const { origin } = new URL(uri);
  if (!isVaultOrigin(cloud, origin)) return undefined;
  const optional = (key: keyof Vault, value: string | undefined): Partial<Vault> =>
    value === undefined ? {} : { [key]: value };
  const subscriptionId = text('subscriptionId');
  return {
    name,
    origin,
    tenant: text('tenantId') ?? tenant.id,
    ...optional('subscriptionId', subscriptionId),
    ...optional('subscription', subscriptions.get(subscriptionId?.toLowerCase() ?? '')),
    ...optional('resourceGroup', text('resourceGroup')),
    ...optional('location', text('location')),
    ...optional('resourceId', text('id')),
  };
}
