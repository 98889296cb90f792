/** Certificate issuers and contacts of a vault. */
import { flag, isRecord, jsonBody, record, text } from '../http/exchange.ts';
import type { Reply } from '../http/exchange.ts';
import type { VaultContext } from './context.ts';
import { vaultErrors } from './errors.ts';
import type { StoredIssuer } from './model.ts';
import { page } from './paging.ts';

const issuerId = (context: VaultContext, name: string): string => `${context.base}/certificates/issuers/${name}`;

function issuerJson(context: VaultContext, issuer: StoredIssuer): Record<string, unknown> {
  return {
    id: issuerId(context, issuer.name),
    provider: issuer.provider,
    credentials: { account_id: issuer.accountId },
    org_details: { id: issuer.organizationId, zip: 0, admin_details: [] },
    attributes: { enabled: issuer.enabled, created: issuer.created, updated: issuer.updated },
  };
}

/** GET /certificates/issuers. */
export function listIssuers(context: VaultContext): Reply {
  context.authorize('certificatecas/read', 'certificates/issuers');
  const all = Object.values(context.vault.issuers);
  return page(context, '/certificates/issuers', all, ({ name, provider }) => ({
    id: issuerId(context, name),
    provider,
  }));
}

/** GET, PUT, PATCH and DELETE /certificates/issuers/{name}. */
export function singleIssuer(context: VaultContext, name: string): Reply {
  const { method } = context.incoming;
  const verb = { GET: 'read', PUT: 'write', PATCH: 'write', DELETE: 'delete' }[method];
  if (verb === undefined) throw vaultErrors.methodNotAllowed();
  context.authorize(`certificatecas/${verb}`, `certificates/issuers/${name}`);
  const before = context.vault.issuers[name.toLowerCase()];
  if (before === undefined && method !== 'PUT') throw vaultErrors.issuerNotFound(name);
  const issuer = method === 'GET' || method === 'DELETE' ? before : changedIssuer(context, name, before);
  if (issuer === undefined) throw vaultErrors.issuerNotFound(name);
  if (method === 'DELETE') Reflect.deleteProperty(context.vault.issuers, name.toLowerCase());
  else context.vault.issuers[name.toLowerCase()] = issuer;
  return { status: 200, json: issuerJson(context, issuer) };
}

function changedIssuer(context: VaultContext, name: string, before: StoredIssuer | undefined): StoredIssuer {
  const body = jsonBody(context.incoming) ?? {};
  const provider = text(body.provider) ?? before?.provider;
  if (provider === undefined) throw vaultErrors.badParameter('Property provider has invalid value: it is missing.');
  const account = text(record(body.credentials).account_id) ?? before?.accountId;
  const organization = text(record(body.org_details).id) ?? before?.organizationId;
  return {
    name,
    provider,
    ...(account === undefined ? {} : { accountId: account }),
    ...(organization === undefined ? {} : { organizationId: organization }),
    enabled: flag(record(body.attributes).enabled) ?? before?.enabled ?? true,
    created: before?.created ?? context.now,
    updated: context.now,
  };
}

/** GET, PUT and DELETE /certificates/contacts. */
export function contacts(context: VaultContext): Reply {
  const { method } = context.incoming;
  if (!['GET', 'PUT', 'DELETE'].includes(method)) throw vaultErrors.methodNotAllowed();
  context.authorize(method === 'GET' ? 'certificates/read' : 'certificatecontacts/write', 'certificates/contacts');
  if (method === 'PUT') {
    const given = jsonBody(context.incoming)?.contacts;
    context.vault.contacts = (Array.isArray(given) ? given : []).filter(isRecord).map((contact) => ({
      email: text(contact.email) ?? '',
      ...('name' in contact ? { name: text(contact.name) ?? '' } : {}),
      ...('phone' in contact ? { phone: text(contact.phone) ?? '' } : {}),
    }));
  }
  const list = context.vault.contacts;
  if (list.length === 0 && method !== 'PUT') throw vaultErrors.contactsNotFound();
  if (method === 'DELETE') context.vault.contacts = [];
  return { status: 200, json: { id: `${context.base}/certificates/contacts`, contacts: list } };
}
