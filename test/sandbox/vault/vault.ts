/** The handler of one vault: authenticates, routes, turns refusals into answers. */
import { randomUUID } from 'node:crypto';
import type { Handler, Incoming, Reply } from '../http/exchange.ts';
import { authenticate, authorize } from './access.ts';
import type { AccessOptions } from './access.ts';
import type { VaultAuthority, VaultContext } from './context.ts';
import { create, merge, pendingOperation } from './creation.ts';
import { backup, listDeleted, recover, remove, restore, singleDeleted } from './deletion.ts';
import { VaultError, vaultErrors } from './errors.ts';
import { importCertificate } from './importing.ts';
import { contacts, listIssuers, singleIssuer } from './issuers.ts';
import type { KeySource } from './keys.ts';
import { settle } from './lifecycle.ts';
import type { Vault } from './model.ts';
import { list, policy, single, versions } from './reading.ts';
import { key, listSecrets, secret, sign } from './secrets.ts';

export interface VaultOptions extends AccessOptions {
  readonly keys: KeySource;
  readonly authority: VaultAuthority;
  /** Called after a request that may have changed the vault. */
  readonly changed: () => void;
}

const apiVersions = new Set([
  '7.0',
  '7.1',
  '7.2',
  '7.3',
  '7.4',
  '7.5',
  '7.6',
  '2025-06-01-preview',
  '2025-07-01',
  '2026-04-01',
]);

export function createVault(vault: Vault, options: VaultOptions): Handler {
  // Time brings nothing new within one second in which nothing was written.
  let settledAt = -1;
  const upToDate = (now: number, writes: boolean): void => {
    if (settledAt !== now) settle(vault, options.authority, now);
    settledAt = writes ? -1 : now;
  };
  return (incoming) => {
    const headers = {
      'cache-control': 'no-cache',
      pragma: 'no-cache',
      'x-ms-keyvault-region': vault.location,
      'x-ms-client-request-id': incoming.headers['x-ms-client-request-id'] ?? randomUUID(),
      'x-ms-request-id': randomUUID(),
      'x-ms-keyvault-service-version': '1.9.2500.1',
      'x-ms-keyvault-network-info': 'conn_type=Ipv4;addr=127.0.0.1;act_addr_fam=InterNetwork;',
    };
    const reply = answer(incoming, vault, options, upToDate);
    return { ...reply, headers: { ...headers, ...reply.headers } };
  };
}

function answer(
  incoming: Incoming,
  vault: Vault,
  options: VaultOptions,
  upToDate: (now: number, writes: boolean) => void,
): Reply {
  try {
    const claims = authenticate(vault, incoming, options);
    const version = incoming.url.searchParams.get('api-version');
    if (version === null) {
      throw vaultErrors.badParameter('AKV10000: The api-version query parameter is required: there is no default.');
    }
    if (!apiVersions.has(version))
      throw vaultErrors.badParameter(`The specified version (${version}) is not recognized.`);
    const now = options.clock.seconds();
    upToDate(now, incoming.method !== 'GET');
    const reply = route({
      vault,
      incoming,
      base: incoming.url.origin,
      now,
      keys: options.keys,
      authority: options.authority,
      authorize: (action, object) => authorize(vault, claims, action, object),
    });
    if (incoming.method !== 'GET') options.changed();
    return reply;
  } catch (error) {
    if (error instanceof VaultError) return error.reply();
    throw error;
  }
}

function route(context: VaultContext): Reply {
  const [kind, name, third, fourth, ...more] = context.incoming.segments;
  if (more.length > 0) throw vaultErrors.badParameter('The request URI has too many segments.');
  switch (kind) {
    case 'certificates':
      return certificates(context, name, third, fourth);
    case 'deletedcertificates':
      if (name === undefined) return only(context, 'GET', () => listDeleted(context));
      return third === 'recover' ? only(context, 'POST', () => recover(context, name)) : singleDeleted(context, name);
    case 'secrets':
      if (name === undefined) return only(context, 'GET', () => listSecrets(context));
      if (third === 'versions') return only(context, 'GET', () => listSecrets(context, name));
      return only(context, 'GET', () => secret(context, name, third));
    case 'keys':
      if (name === undefined) throw vaultErrors.methodNotAllowed();
      if (fourth === 'sign') return only(context, 'POST', () => sign(context, name, third));
      if (third === 'sign') return only(context, 'POST', () => sign(context, name, undefined));
      return only(context, 'GET', () => key(context, name, third));
    default:
      throw vaultErrors.badParameter(`The request URI contains an invalid collection: ${kind ?? ''}`);
  }
}

/** Fixed words win over names and versions (facts/key-vault.md 1.3). */
function certificates(context: VaultContext, name?: string, third?: string, fourth?: string): Reply {
  const { method } = context.incoming;
  if (name === undefined) return only(context, 'GET', () => list(context));
  if (name === 'issuers') {
    return third === undefined ? only(context, 'GET', () => listIssuers(context)) : singleIssuer(context, third);
  }
  if (name === 'contacts') return contacts(context);
  if (name === 'restore') return only(context, 'POST', () => restore(context));
  switch (third) {
    case 'create':
      return only(context, 'POST', () => create(context, name));
    case 'import':
      return only(context, 'POST', () => importCertificate(context, name));
    case 'backup':
      return only(context, 'POST', () => backup(context, name));
    case 'pending':
      return fourth === 'merge' ? only(context, 'POST', () => merge(context, name)) : pendingOperation(context, name);
    case 'policy':
      return policy(context, name);
    case 'versions':
      return only(context, 'GET', () => versions(context, name));
    default:
      return third === undefined && method === 'DELETE' ? remove(context, name) : single(context, name, third);
  }
}

function only(context: VaultContext, method: string, run: () => Reply): Reply {
  if (context.incoming.method !== method) throw vaultErrors.methodNotAllowed();
  return run();
}
