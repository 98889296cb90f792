/** Listing and reading applications: $top, $select, $filter, $search, paging. */
import type { Application } from '../entra/directory.ts';
import type { Reply } from '../http/exchange.ts';
import { assertMayRead, findApplication } from './context.ts';
import type { GraphContext } from './context.ts';
import { graphErrors } from './errors.ts';
import { applicationJson } from './wire.ts';
import { disturb } from './writing.ts';

const metadata = 'https://graph.microsoft.com/v1.0/$metadata';

function selectOf(context: GraphContext): string[] | undefined {
  const select = context.incoming.url.searchParams
    .get('$select')
    ?.split(',')
    .map((name) => name.trim());
  if (select?.includes('keyCredentials') === true) countSelection(context);
  return select;
}

/** Selecting `keyCredentials` is throttled at 150 requests a minute and tenant. */
function countSelection(context: GraphContext): void {
  const now = context.clock.now();
  const recent = (context.selections.get(context.claims.tid) ?? []).filter((time) => time > now - 60_000);
  if (recent.length >= context.settings.keyCredentialReadsPerMinute) {
    throw graphErrors.throttled(Math.ceil(((recent[0] ?? now) + 60_000 - now) / 1000));
  }
  context.selections.set(context.claims.tid, [...recent, now]);
}

/** GET /applications/{id}. */
export function readApplication(context: GraphContext, key: { id?: string; appId?: string }): Reply {
  assertMayRead(context);
  const select = selectOf(context);
  const found = findApplication(context, key);
  context.settings.onAccess?.('beforeRead', found, found);
  const suffix = select === undefined ? '' : `(${select.join(',')})`;
  const shown = context.replicas.read(found);
  const json = applicationJson(shown, select);
  disturb(context, found, 'afterRead', new Set(found.keyCredentials.map(({ keyId }) => keyId)));
  context.settings.onAccess?.('afterRead', found, shown);
  return { status: 200, json: { '@odata.context': `${metadata}#applications${suffix}/$entity`, ...json } };
}

/** GET /applications. */
export function listApplications(context: GraphContext): Reply {
  assertMayRead(context);
  const all = context.directory.applications.filter(({ tenantId }) => tenantId === context.claims.tid);
  return pageOf(
    context,
    all.map((application) => context.replicas.read(application)),
    'applications',
  );
}

/** GET /me/ownedObjects[/microsoft.graph.application]. A user's own objects need no more than User.Read. */
export function ownedObjects(context: GraphContext): Reply {
  if (context.claims.idtyp === 'app')
    throw graphErrors.badBody('/me request is only valid with delegated authentication flow.');
  const all = context.directory.applications.filter(
    ({ tenantId, owners }) => tenantId === context.claims.tid && owners.includes(context.claims.oid),
  );
  return pageOf(
    context,
    all.map((application) => context.replicas.read(application)),
    'directoryObjects',
  );
}

function pageOf(context: GraphContext, all: readonly Application[], set: string): Reply {
  const { url, headers } = context.incoming;
  const query = url.searchParams;
  const eventual = headers.consistencylevel === 'eventual';
  const select = selectOf(context);
  const top = Number(query.get('$top') ?? '100');
  if (!Number.isInteger(top) || top < 1 || top > 999) {
    throw graphErrors.unsupportedQuery('Invalid page size specified: must be between 1 and 999 inclusive.');
  }
  const found = all.filter(filterOf(query.get('$filter'), eventual)).filter(searchOf(query.get('$search'), eventual));
  if (query.has('$orderby')) {
    if (query.has('$filter') && !eventual) throw needsEventual('$orderby with $filter');
    found.sort((one, other) => one.displayName.localeCompare(other.displayName));
  }
  if (query.get('$count') === 'true' && !eventual) throw needsEventual('$count');
  const start = Number(Buffer.from(query.get('$skiptoken') ?? '', 'base64url').toString('latin1') || '0');
  if (Number.isNaN(start)) throw graphErrors.badBody('The skiptoken is invalid.');
  const next = new URL(url);
  next.searchParams.set('$skiptoken', Buffer.from(String(start + top)).toString('base64url'));
  return {
    status: 200,
    json: {
      '@odata.context': `${metadata}#${set}`,
      ...(query.get('$count') === 'true' ? { '@odata.count': found.length } : {}),
      ...(start + top < found.length ? { '@odata.nextLink': next.href } : {}),
      value: found.slice(start, start + top).map((application) => ({
        ...(set === 'directoryObjects' ? { '@odata.type': '#microsoft.graph.application' } : {}),
        ...applicationJson(application, select),
      })),
    },
  };
}

const needsEventual = (what: string): Error =>
  graphErrors.unsupportedQuery(
    `Request with ${what} query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'`,
  );

function filterOf(filter: string | null, eventual: boolean): (application: Application) => boolean {
  if (filter === null) return () => true;
  const equal = /^(appId|displayName|id)\s+eq\s+'((?:[^']|'')*)'$/.exec(filter);
  if (equal !== null) {
    const value = (equal[2] ?? '').replaceAll("''", "'").toLowerCase();
    return (application) => application[equal[1] as 'appId' | 'displayName' | 'id'].toLowerCase() === value;
  }
  const call = /^(startswith|endswith)\(displayName,\s*'((?:[^']|'')*)'\)$/.exec(filter);
  if (call === null)
    throw graphErrors.unsupportedQuery(`Unsupported or invalid query filter clause specified: ${filter}`);
  if (call[1] === 'endswith' && !eventual) throw needsEventual('endswith');
  const value = (call[2] ?? '').replaceAll("''", "'").toLowerCase();
  return ({ displayName }) =>
    call[1] === 'startswith' ? displayName.toLowerCase().startsWith(value) : displayName.toLowerCase().endsWith(value);
}

/** `$search="displayName:Web"`: any word of the name starts with it; only with the header. */
function searchOf(search: string | null, eventual: boolean): (application: Application) => boolean {
  if (search === null) return () => true;
  if (!eventual) throw needsEventual('$search');
  const value = /^"displayName:(.*)"$/.exec(search)?.[1]?.toLowerCase();
  if (value === undefined)
    throw graphErrors.unsupportedQuery('Syntax error in $search: it needs the form "property:value".');
  return ({ displayName }) =>
    displayName
      .toLowerCase()
      .split(/[\s_-]+/)
      .some((word) => word.startsWith(value)) || displayName.toLowerCase().startsWith(value);
}
