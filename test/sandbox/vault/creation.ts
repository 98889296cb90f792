/** Creating certificates: create, the pending operation, merge. */
import { X509Certificate } from 'node:crypto';
import { flag, isRecord, jsonBody, record, text, texts } from '../http/exchange.ts';
import type { Reply } from '../http/exchange.ts';
import { makeRequest } from '../pki/certificates.ts';
import { findVersion, newId, privateKeyOf, publicKeyOf } from './context.ts';
import type { VaultContext } from './context.ts';
import { vaultErrors } from './errors.ts';
import { complete, requestOf } from './lifecycle.ts';
import type { PendingOperation, Policy, StoredCertificate } from './model.ts';
import { completePolicy } from './policy.ts';
import { bundle, operation } from './wire.ts';

/** Tags of a body: strings only; undefined when there are none. Throws VaultError 400. */
export function tagsIn(body: Record<string, unknown>): Record<string, string> | undefined {
  if (!isRecord(body.tags)) return undefined;
  const entries = Object.entries(body.tags).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  if (entries.length > 15 || entries.some(([name, value]) => name.length > 256 || value.length > 256)) {
    throw vaultErrors.badParameter('Property tags has invalid value: at most 15 tags of 256 characters.');
  }
  return Object.fromEntries(entries);
}

/** Throws when the name cannot get a new certificate or version: bad, deleted, taken, or pending. */
export function assertNameIsFree(context: VaultContext, name: string): void {
  const { vault, now } = context;
  if (!/^[0-9a-zA-Z-]{1,127}$/.test(name)) {
    throw vaultErrors.badParameter(`The request URI contains an invalid name: ${name}`);
  }
  const key = name.toLowerCase();
  const deleted = vault.deleted[key];
  if (deleted !== undefined) {
    const moving = deleted.goneAt !== undefined || deleted.visibleFrom > now;
    throw moving ? vaultErrors.beingDeleted(name) : vaultErrors.deletedButRecoverable(name);
  }
  if (vault.otherSecrets.includes(key)) throw vaultErrors.nameTaken(name);
  if (vault.certificates[key]?.pending?.status === 'inProgress') throw vaultErrors.creationInProgress();
}

/** POST /certificates/{name}/create: 202 with the operation and its Location. */
export function create(context: VaultContext, name: string): Reply {
  context.authorize('certificates/create/action', `certificates/${name}`);
  const body = jsonBody(context.incoming);
  if (body === undefined) throw vaultErrors.badParameter('The request body is missing or no JSON object.');
  assertNameIsFree(context, name);
  const { vault, now } = context;
  const key = name.toLowerCase();
  const before = vault.certificates[key];
  // A new version without a policy uses the certificate's own.
  const policy = completePolicy(body.policy, now, isRecord(body.policy) ? undefined : before?.policy);
  const issuer = policy.issuer.name;
  if (issuer !== 'Self' && issuer !== 'Unknown' && vault.issuers[issuer.toLowerCase()] === undefined) {
    throw vaultErrors.badParameter(`Property policy.issuer.name has invalid value: issuer ${issuer} not found`);
  }
  const pending = newOperation(context, policy, before, body);
  const certificate = before ?? { name, versions: [], policy, created: now, updated: now };
  certificate.pending = pending;
  vault.certificates[key] = certificate;
  const version = context.incoming.url.searchParams.get('api-version') ?? '';
  return {
    status: 202,
    headers: {
      location: `${context.base}/certificates/${name}/pending?api-version=${version}&request_id=${pending.requestId}`,
      'retry-after': String(vault.behaviour.creationRetryAfter ?? 10),
    },
    json: operation(context, certificate, pending),
  };
}

function newOperation(
  context: VaultContext,
  policy: Policy,
  before: StoredCertificate | undefined,
  body: Record<string, unknown>,
): PendingOperation {
  const last = before?.versions.at(-1);
  const key = policy.key_props.reuse_key && last !== undefined ? last.key : context.keys.next(policy.key_props);
  const request = { ...requestOf(policy, key, context.now), publicKey: publicKeyOf(key) };
  const tags = tagsIn(body);
  return {
    requestId: newId(),
    issuer: policy.issuer.name,
    csr: makeRequest(request, privateKeyOf(key)).toString('base64'),
    key,
    policy,
    enabled: flag(record(body.attributes).enabled) ?? true,
    ...(tags === undefined ? {} : { tags }),
    readyAt: context.now + context.vault.behaviour.creationSeconds,
    status: 'inProgress',
  };
}

function pendingOf(context: VaultContext, name: string): { certificate: StoredCertificate; pending: PendingOperation } {
  const certificate = context.vault.certificates[name.toLowerCase()];
  const asked = context.incoming.url.searchParams.get('request_id');
  const pending = certificate?.pending;
  if (certificate === undefined || pending === undefined || (asked !== null && asked !== pending.requestId)) {
    throw vaultErrors.pendingNotFound(name);
  }
  return { certificate, pending };
}

/** GET, PATCH and DELETE /certificates/{name}/pending. */
export function pendingOperation(context: VaultContext, name: string): Reply {
  const method = context.incoming.method;
  const action = { GET: 'read', PATCH: 'update/action', DELETE: 'delete' }[method];
  if (action === undefined) throw vaultErrors.methodNotAllowed();
  context.authorize(`certificates/${action}`, `certificates/${name}`);
  const { certificate, pending } = pendingOf(context, name);
  if (method === 'PATCH') {
    if (pending.status !== 'inProgress') {
      throw vaultErrors.badParameter(`Pending certificate can not be cancelled: its status is ${pending.status}.`);
    }
    if (flag(jsonBody(context.incoming)?.cancellation_requested) === true) pending.cancelAt ??= context.now + 1;
  }
  const json = operation(context, certificate, pending);
  if (method === 'DELETE') delete certificate.pending;
  return { status: 200, json };
}

/** POST /certificates/{name}/pending/merge: 201 with the certificate. */
export function merge(context: VaultContext, name: string): Reply {
  context.authorize('certificates/create/action', `certificates/${name}`);
  const { certificate, pending } = pendingOf(context, name);
  if (pending.status !== 'inProgress') throw vaultErrors.pendingNotFound(name);
  if (pending.issuer !== 'Unknown') throw vaultErrors.mergeForbidden(pending.issuer);
  const body = jsonBody(context.incoming) ?? {};
  const [leaf, ...chain] = texts(body.x5c).map((value) => Buffer.from(value, 'base64'));
  if (leaf === undefined || !isCertificate(leaf) || !chain.every(isCertificate)) {
    throw vaultErrors.badParameter(
      'The specified X.509 certificate content can not be read. Please check if certificate is valid.',
    );
  }
  if (!new X509Certificate(leaf).checkPrivateKey(privateKeyOf(pending.key))) throw vaultErrors.keyDoesNotMatch();
  const version = complete(certificate, pending, leaf, chain, context.now);
  const tags = tagsIn(body);
  if (tags !== undefined) version.tags = tags;
  return { status: 201, json: bundle(context, certificate, findVersion(certificate, version.id)) };
}

export function isCertificate(der: Buffer): boolean {
  try {
    return text(new X509Certificate(der).subject) !== undefined || der.length > 0;
  } catch {
    return false;
  }
}
