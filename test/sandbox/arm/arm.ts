/** The sandbox's Azure Resource Manager: tenants, subscriptions, vaults, Resource Graph. */
import { randomUUID } from 'node:crypto';
import type { SandboxClock } from '../clock.ts';
import type { TokenClaims, TokenIssuer } from '../entra/tokens.ts';
import type { Handler, Incoming, Reply } from '../http/exchange.ts';
import type { SandboxState, Subscription } from '../state.ts';
import type { Vault } from '../vault/model.ts';
import { queryResources } from './resourceGraph.ts';

export interface ArmOptions {
  readonly state: SandboxState;
  readonly issuer: TokenIssuer;
  readonly clock: SandboxClock;
  /** Audiences that are accepted, without a trailing slash. */
  readonly audiences: () => readonly string[];
  readonly entraOrigin: () => string;
  readonly vaultUri: (vault: Vault) => string;
  /** Subscriptions whose vaults may not be listed: 403. */
  readonly closedSubscriptions: Set<string>;
}

export class ArmError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

export function createArm(options: ArmOptions): Handler {
  return (incoming) => {
    const headers = {
      'cache-control': 'no-cache',
      'x-ms-request-id': randomUUID(),
      'x-ms-routing-request-id': randomUUID(),
    };
    try {
      const reply = route(incoming, authenticate(incoming, options), options);
      return { ...reply, headers: { ...headers, ...reply.headers } };
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
      const json = { error: { code: error.code, message: error.message } };
      return { status: error.status, headers: { ...headers, ...error.headers }, json };
    }
  };
}

function authenticate(incoming: Incoming, options: ArmOptions): TokenClaims {
  const refuse = (code: string, message: string, tenant = 'common'): ArmError =>
    new ArmError(401, code, message, {
      'www-authenticate': `Bearer authorization_uri="${options.entraOrigin()}/${tenant}", error="invalid_token", error_description="${message}"`,
    });
  const token = /^Bearer (.+)$/i.exec(incoming.headers.authorization ?? '')?.[1];
  if (token === undefined)
    throw refuse('AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing.");
  const claims = options.issuer.read(token);
  if (claims === undefined) throw refuse('InvalidAuthenticationToken', 'The access token is invalid.');
  if (!options.audiences().includes(claims.aud.replace(/\/$/, ''))) {
    throw refuse(
      'InvalidAuthenticationTokenAudience',
      `The access token has been obtained for wrong audience or resource '${claims.aud}'.`,
    );
  }
  if (claims.exp < options.clock.seconds()) {
    throw refuse('ExpiredAuthenticationToken', 'The access token expiry UTC time is in the past.');
  }
  return claims;
}

function route(incoming: Incoming, claims: TokenClaims, options: ArmOptions): Reply {
  if (!incoming.url.searchParams.has('api-version')) {
    throw new ArmError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  const [first, id, ...rest] = incoming.segments;
  const place = rest.join('/').toLowerCase();
  if (first === 'tenants' && id === undefined) return tenants(claims, options);
  if (first === 'subscriptions' && id === undefined) {
    const mine = options.state.subscriptions.filter(({ tenantId }) => tenantId === claims.tid);
    return { status: 200, json: { value: mine.map(subscriptionJson), count: { type: 'Total', value: mine.length } } };
  }
  if (incoming.path.toLowerCase() === '/providers/microsoft.resourcegraph/resources' && incoming.method === 'POST') {
    return queryResources(incoming, claims, options);
  }
  if (first === 'subscriptions' && id !== undefined) {
    const subscription = ownSubscription(id, claims, options);
    if (place === '') return { status: 200, json: subscriptionJson(subscription) };
    if (place === 'providers/microsoft.keyvault/vaults' || place === 'resources')
      return vaults(incoming, subscription, options);
    const one = /^resourcegroups\/([^/]+)\/providers\/microsoft\.keyvault\/vaults\/([^/]+)$/.exec(place);
    if (one !== null) return vault(subscription, one[1] ?? '', one[2] ?? '', options);
  }
  throw new ArmError(404, 'InvalidResourceType', 'The resource type could not be found in the sandbox.');
}

function tenants(claims: TokenClaims, { state }: ArmOptions): Reply {
  const user = state.directory.users.find(({ id }) => id === claims.oid);
  const ids = user === undefined ? [claims.tid] : [user.tenantId, ...user.guestOf];
  const mine = state.directory.tenants.filter(({ id }) => ids.includes(id));
  return {
    status: 200,
    json: {
      value: mine.map(({ id, displayName, domain, kind }) => ({
        id: `/tenants/${id}`,
        tenantId: id,
        countryCode: 'DE',
        displayName,
        domains: [domain],
        tenantCategory: 'Home',
        defaultDomain: domain,
        tenantType: kind === 'external' ? 'CIAM' : 'AAD',
      })),
    },
  };
}

const subscriptionJson = ({ id, displayName, tenantId }: Subscription): Record<string, unknown> => ({
  id: `/subscriptions/${id}`,
  authorizationSource: 'RoleBased',
  managedByTenants: [],
  subscriptionId: id,
  tenantId,
  displayName,
  state: 'Enabled',
  subscriptionPolicies: {
    locationPlacementId: 'Public_2014-09-01',
    quotaId: 'PayAsYouGo_2014-09-01',
    spendingLimit: 'Off',
  },
});

function ownSubscription(id: string, claims: TokenClaims, options: ArmOptions): Subscription {
  const found = options.state.subscriptions.find((subscription) => subscription.id === id.toLowerCase());
  if (found === undefined)
    throw new ArmError(404, 'SubscriptionNotFound', `The subscription '${id}' could not be found.`);
  if (found.tenantId !== claims.tid) {
    const message = `The access token is from the wrong issuer 'https://sts.windows.net/${claims.tid}/'. It must match the tenant 'https://sts.windows.net/${found.tenantId}/' associated with this subscription.`;
    throw new ArmError(401, 'InvalidAuthenticationTokenTenant', message, {
      'www-authenticate': `Bearer authorization_uri="${options.entraOrigin()}/${found.tenantId}", error="invalid_token", error_description="${message}"`,
    });
  }
  if (options.closedSubscriptions.has(found.id)) {
    throw new ArmError(
      403,
      'AuthorizationFailed',
      `The client '${claims.upn ?? claims.appid}' with object id '${claims.oid}' does not have authorization to perform action 'Microsoft.KeyVault/vaults/read' over scope '/subscriptions/${found.id}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    );
  }
  return found;
}

/** A vault as Resource Manager shows it; its address ends in a slash. */
export function vaultJson(vault: Vault, options: ArmOptions): Record<string, unknown> {
  return {
    id: `/subscriptions/${vault.subscriptionId}/resourceGroups/${vault.resourceGroup}/providers/Microsoft.KeyVault/vaults/${vault.name}`,
    name: vault.name,
    type: 'Microsoft.KeyVault/vaults',
    location: vault.location,
    tags: vault.tags,
    properties: {
      sku: { family: 'A', name: 'standard' },
      tenantId: vault.tenantId,
      accessPolicies: [],
      enabledForDeployment: false,
      enableRbacAuthorization: vault.permissionModel === 'rbac',
      enableSoftDelete: true,
      softDeleteRetentionInDays: vault.softDeleteRetentionInDays,
      ...(vault.purgeProtection ? { enablePurgeProtection: true } : {}),
      publicNetworkAccess: vault.network === 'private' ? 'Disabled' : 'Enabled',
      vaultUri: options.vaultUri(vault),
      provisioningState: 'Succeeded',
    },
  };
}

function vaults(incoming: Incoming, subscription: Subscription, options: ArmOptions): Reply {
  const query = incoming.url.searchParams;
  const all = options.state.vaults.filter(({ subscriptionId }) => subscriptionId === subscription.id);
  const top = Number(query.get('$top') ?? '1000');
  const start = Number(Buffer.from(query.get('$skiptoken') ?? '', 'base64url').toString() || '0');
  const next = new URL(incoming.url);
  next.searchParams.set('$skiptoken', Buffer.from(String(start + top)).toString('base64url'));
  return {
    status: 200,
    json: {
      value: all.slice(start, start + top).map((one) => vaultJson(one, options)),
      ...(start + top < all.length ? { nextLink: next.href } : {}),
    },
  };
}

function vault(subscription: Subscription, group: string, name: string, options: ArmOptions): Reply {
  const found = options.state.vaults.find(
    (one) => one.subscriptionId === subscription.id && one.resourceGroup.toLowerCase() === group && one.name === name,
  );
  if (found === undefined) {
    throw new ArmError(
      404,
      'ResourceNotFound',
      `The Resource 'Microsoft.KeyVault/vaults/${name}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
    );
  }
  return { status: 200, json: vaultJson(found, options) };
}
