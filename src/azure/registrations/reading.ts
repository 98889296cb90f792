/** Finding and reading app registrations. */
import { throwIfCancelled } from '../../base/errors.ts';
import { objectsIn } from '../arm/client.ts';
import { notFound, tenantNeeded } from './errors.ts';
import type { GraphSession, Json } from './graph.ts';
import { registrationOf, summaryOf, text } from './parsing.ts';
import type { ApplicationName, FoundRegistrations, Registration, SearchRequest } from './types.ts';

/** A registration with the entries of `keyCredentials` as Graph wrote them, which is how they have to be sent back. */
export interface ReadRegistration {
  readonly registration: Registration;
  readonly keys: readonly Json[];
}

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws ExpectedError `app-tenant-needed`, or `registration-not-found` for what is no client id */
export function checkName(name: ApplicationName): void {
  if (!/^[\w-]+(?:\.[\w-]+)*$/.test(name.tenant) || /^(?:common|organizations|consumers)$/i.test(name.tenant)) {
    throw tenantNeeded(name);
  }
  if (!guid.test(name.appId)) throw notFound(name.appId, name.tenant);
}

/** Only `$select` brings the certificates themselves; it is throttled at 150 a minute and tenant, so nothing polls with it. */
const everything =
  'id,appId,displayName,createdDateTime,signInAudience,tokenEncryptionKeyId,passwordCredentials,keyCredentials';

/** @param whole with the certificates themselves; without them only key ids, dates and SHA-1 thumbprints */
export async function read(session: GraphSession, name: ApplicationName, whole: boolean): Promise<ReadRegistration> {
  const json = await session.send({
    address: `/applications(appId='${name.appId.toLowerCase()}')${whole ? `?$select=${everything}` : ''}`,
  });
  return { registration: registrationOf(json, name.tenant), keys: objectsIn(json.keyCredentials) };
}

const summary = '$select=id,appId,displayName,createdDateTime';
const usualLimit = 200;

/** Graph's largest page is 999; what people look through is smaller. */
export async function search(session: GraphSession, request: SearchRequest): Promise<FoundRegistrations> {
  const limit = Math.max(1, request.limit ?? usualLimit);
  const words = request.text?.trim() ?? '';
  const registrations = [];
  let next: string | undefined = addressOf(request, words, Math.min(limit, 999));
  // Graph searches by an index that it keeps besides; the header says that a late answer will do.
  const headers: Record<string, string> = next.includes('$search') ? { ConsistencyLevel: 'eventual' } : {};
  while (next !== undefined && registrations.length <= limit) {
    throwIfCancelled(session.signal);
    const page: Json = await session.send({ address: next, headers });
    registrations.push(
      ...objectsIn(page.value)
        .filter((json) => isApplication(json) && text(json.appId) !== undefined)
        .map((json) => summaryOf(json, request.tenant))
        .filter(({ displayName, appId }) => request.scope === 'all' || matches(displayName, appId, words)),
    );
    next = text(page['@odata.nextLink']);
  }
  return {
    registrations: registrations.slice(0, limit),
    more: next !== undefined || registrations.length > limit,
  };
}

function addressOf({ scope }: SearchRequest, words: string, top: number): string {
  if (scope === 'owned') return `/me/ownedObjects/microsoft.graph.application?${summary}&$top=${top}`;
  const list = `/applications?${summary}&$top=${top}`;
  if (words === '') return list;
  if (guid.test(words)) return `${list}&$filter=${encodeURIComponent(`appId eq '${words.toLowerCase()}'`)}`;
  // Quotes and backslashes would end the search term.
  const term = words.replace(/["\\]/g, ' ');
  return `${list}&$search=${encodeURIComponent(`"displayName:${term}"`)}&$count=true`;
}

/** Owned objects come with a type where Graph does not filter them itself. */
function isApplication(json: Json): boolean {
  const type = text(json['@odata.type']);
  return type === undefined || type === '#microsoft.graph.application';
}

function matches(displayName: string, appId: string, words: string): boolean {
  const wanted = words.toLowerCase();
  return displayName.toLowerCase().includes(wanted) || appId.toLowerCase() === wanted;
}
