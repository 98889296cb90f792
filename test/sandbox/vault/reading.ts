/** Getting, listing and updating certificates, their versions and their policies. */
import { flag, isRecord, jsonBody, record } from '../http/exchange.ts';
import type { Reply } from '../http/exchange.ts';
import { findCertificate, findVersion } from './context.ts';
import type { VaultContext } from './context.ts';
import { tagsIn } from './creation.ts';
import { vaultErrors } from './errors.ts';
import { page } from './paging.ts';
import { completePolicy } from './policy.ts';
import { bundle, item, policyJson } from './wire.ts';

/** GET /certificates: a page of the certificates by name; those that never completed only with `includePending=true`. */
export function list(context: VaultContext): Reply {
  context.authorize('certificates/read', 'certificates');
  const pendingToo = context.incoming.url.searchParams.get('includePending') === 'true';
  const { certificates } = context.vault;
  // Names are sorted and not certificates: with 10,000 of them every page would take twice as long.
  const all = Object.keys(certificates).filter((name) => {
    const one = certificates[name];
    return one !== undefined && (one.versions.length > 0 || pendingToo) && (one.visibleFrom ?? 0) <= context.now;
  });
  return page(context, '/certificates', all.sort(), (name) => {
    const one = findCertificate(context, name);
    return item(context, one, one.versions.at(-1), false);
  });
}

/** GET /certificates/{name}/versions. An unknown name has no versions and is no error. */
export function versions(context: VaultContext, name: string): Reply {
  context.authorize('certificates/read', `certificates/${name}`);
  const certificate = context.vault.certificates[name.toLowerCase()];
  const all = certificate?.versions ?? [];
  return page(context, `/certificates/${name}/versions`, all, (version) =>
    certificate === undefined ? {} : item(context, certificate, version, true),
  );
}

/** GET and PATCH /certificates/{name}[/{version}]. */
export function single(context: VaultContext, name: string, version: string | undefined): Reply {
  const { method } = context.incoming;
  if (method !== 'GET' && method !== 'PATCH') throw vaultErrors.methodNotAllowed();
  context.authorize(method === 'GET' ? 'certificates/read' : 'certificates/update/action', `certificates/${name}`);
  const certificate = findCertificate(context, name);
  const neverCompleted = certificate.versions.length === 0 && (version ?? '') === '';
  const found = neverCompleted ? undefined : findVersion(certificate, version);
  if (method === 'PATCH') {
    const body = jsonBody(context.incoming) ?? {};
    const enabled = flag(record(body.attributes).enabled);
    const tags = tagsIn(body);
    if (isRecord(body.policy)) certificate.policy = completePolicy(body.policy, context.now, certificate.policy);
    if (found !== undefined) {
      if (enabled !== undefined) found.enabled = enabled;
      if (tags !== undefined) found.tags = tags;
      found.updated = context.now;
    }
  }
  return { status: 200, json: bundle(context, certificate, found) };
}

/** GET and PATCH /certificates/{name}/policy. A changed policy applies to the next version. */
export function policy(context: VaultContext, name: string): Reply {
  const { method } = context.incoming;
  if (method !== 'GET' && method !== 'PATCH') throw vaultErrors.methodNotAllowed();
  context.authorize(method === 'GET' ? 'certificates/read' : 'certificates/update/action', `certificates/${name}`);
  const certificate = findCertificate(context, name);
  if (method === 'PATCH') {
    certificate.policy = completePolicy(jsonBody(context.incoming), context.now, certificate.policy);
  }
  return { status: 200, json: policyJson(context, certificate, certificate.policy) };
}
