/** Who may do what in a vault: the token, its tenant and audience, the network, the roles. */
import type { SandboxClock } from '../clock.ts';
import type { TokenClaims, TokenIssuer } from '../entra/tokens.ts';
import type { Incoming } from '../http/exchange.ts';
import { vaultErrors } from './errors.ts';
import type { Role, Vault } from './model.ts';

export interface AccessOptions {
  readonly issuer: TokenIssuer;
  readonly clock: SandboxClock;
  /** The resource that the challenge names, e.g. `https://vault.azure.net`. */
  readonly resource: string;
  /** Origin of the Entra that the challenge names. */
  readonly entraOrigin: () => string;
}

/** Data actions without `Microsoft.KeyVault/vaults/`; `*` stands for any rest. */
const allowed: Readonly<Record<Role, readonly string[]>> = {
  'Key Vault Administrator': ['*'],
  'Key Vault Certificates Officer': ['certificates/*', 'certificatecas/*', 'certificatecontacts/*', 'keys/read'],
  'Key Vault Certificate User': [
    'certificates/read',
    'secrets/getSecret/action',
    'secrets/readMetadata/action',
    'keys/read',
  ],
  'Key Vault Secrets User': ['secrets/getSecret/action', 'secrets/readMetadata/action'],
  'Key Vault Crypto User': ['keys/*'],
  'Key Vault Reader': ['certificates/read', 'secrets/readMetadata/action', 'keys/read'],
};

const may = (role: Role, action: string): boolean =>
  allowed[role].some((pattern) =>
    pattern.endsWith('*') ? action.startsWith(pattern.slice(0, -1)) : action === pattern,
  );

/** The 401's `WWW-Authenticate`, on one line as the service writes it. */
export function challenge(vault: Vault, incoming: Incoming, options: AccessOptions): string {
  // A client that was led here from a real-looking address must not see the loopback origin.
  const loopback = /^(localhost|127\.0\.0\.1)$/.test(incoming.url.hostname);
  const origin = loopback ? options.entraOrigin() : 'https://login.microsoftonline.com';
  return `Bearer authorization="${origin}/${vault.tenantId}", resource="${options.resource}"`;
}

/** The caller's claims. Throws VaultError 401 as the service does for a missing, foreign or stale token. */
export function authenticate(vault: Vault, incoming: Incoming, options: AccessOptions): TokenClaims {
  const header = challenge(vault, incoming, options);
  const refuse = (message: string): Error => vaultErrors.unauthorized(message, header);
  const token = /^Bearer (.+)$/i.exec(incoming.headers.authorization ?? '')?.[1];
  if (token === undefined) throw refuse('AKV10000: Request is missing a Bearer or PoP token.');
  const claims = options.issuer.read(token);
  if (claims === undefined) {
    throw refuse('AKV10046: Unable to resolve the key used for signature validation.');
  }
  if (claims.aud.replace(/\/$/, '') !== options.resource) {
    throw refuse(`AKV10022: Invalid audience. Expected ${options.resource}, found: ${claims.aud}.`);
  }
  if (claims.tid !== vault.tenantId) {
    throw refuse(
      `AKV10032: Invalid issuer. Expected one of https://sts.windows.net/${vault.tenantId}/, found https://sts.windows.net/${claims.tid}/.`,
    );
  }
  const now = options.clock.seconds();
  if (claims.exp < now || claims.nbf > now + 300) {
    throw vaultErrors.unauthorized(
      'AKV10033: Token validation failed: the token is expired or not yet valid.',
      `${header}, error="invalid_token"`,
    );
  }
  const context = vault.behaviour.requiredContext;
  if (context !== undefined && !(claims.acrs ?? []).includes(context)) {
    const wanted = Buffer.from(JSON.stringify({ access_token: { acrs: { essential: true, value: context } } }));
    throw vaultErrors.unauthorized(
      'AKV10097: Continuous access evaluation resulted in a claims challenge.',
      `${header}, error="insufficient_claims", claims="${wanted.toString('base64')}"`,
    );
  }
  return claims;
}

/**
 * Throws VaultError 403 unless the caller may do the action (`certificates/read`, `secrets/getSecret/action`, …) on
 * the object (`certificates/NAME`).
 */
export function authorize(vault: Vault, claims: TokenClaims, action: string, object: string): void {
  const caller = { appid: claims.appid, oid: claims.oid, iss: `https://sts.windows.net/${claims.tid}/` };
  if (vault.network === 'firewall') throw vaultErrors.forbiddenByFirewall(vault, caller);
  if (vault.network === 'private') throw vaultErrors.forbiddenByConnection(vault, caller);
  const granted = vault.grants.some(
    ({ principal, role }) => (principal === '*' || principal === claims.oid) && may(role, action),
  );
  if (granted) return;
  if (vault.permissionModel === 'accessPolicy') throw vaultErrors.accessDenied(vault, caller, policyWords(action));
  const base = `/subscriptions/${vault.subscriptionId}/resourcegroups/${vault.resourceGroup}/providers/microsoft.keyvault/vaults/${vault.name}`;
  throw vaultErrors.forbiddenByRbac(vault, caller, action, `${base}/${object}`);
}

/** `certificates/read` is `certificates get` in the words of access policies. */
function policyWords(action: string): string {
  const [kind = '', verb = ''] = action.split('/');
  const verbs: Readonly<Record<string, string>> = { read: 'get', getSecret: 'get', readMetadata: 'list' };
  return `${kind} ${verbs[verb] ?? verb}`;
}
