/** Finding and reading app registrations. */
import { throwIfCancelled } from '../../base/errors.ts';
import { objectsIn } from '../arm/client.ts';
import { tokenFacts } from '../tokenFacts.ts';
import { notFound, tenantNeeded } from './errors.ts';
import { GraphRefusal } from './graph.ts';
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
  // An application has no `/me`, and it is no person who would look for their own.
  if (request.scope === 'owned' && tokenFacts(session.token.token).appOnly === true)
    return { registrations: [], more: false };
  const words = termOf(request.text ?? '');
  const [usual, ...others] = addressesOf(request, words);
  try {
    return await list(session, request, words, usual);
  } catch (error) {
    const [other] = others;
    // Azure AD B2C tenants have no $search.
    if (other === undefined || !(error instanceof GraphRefusal) || error.status !== 400) throw error;
    return list(session, request, words, other);
  }
}

async function list(
  session: GraphSession,
  request: SearchRequest,
  words: string,
  address: string,
): Promise<FoundRegistrations> {
  const limit = limitOf(request);
  const registrations = [];
  let next: string | undefined = address;
  // Graph searches by an index that it keeps besides; the header says that a late answer will do.
  const headers: Record<string, string> = address.includes('$search') ? { ConsistencyLevel: 'eventual' } : {};
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

const limitOf = ({ limit = usualLimit }: SearchRequest): number => Math.max(1, limit);

/** Quotes and backslashes would end the search term, and people put names in quotes. */
const termOf = (typed: string): string => typed.replace(/["\\\s]+/g, ' ').trim();

/** The address to ask, and one for where that kind of search is not known. */
function addressesOf(request: SearchRequest, words: string): readonly [string, ...string[]] {
  const top = `$top=${Math.min(limitOf(request), 999)}`;
  if (request.scope === 'owned') return [`/me/ownedObjects/microsoft.graph.application?${summary}&${top}`];
  const all = `/applications?${summary}&${top}`;
  if (words === '') return [all];
  const filtered = (filter: string): string => `${all}&$filter=${encodeURIComponent(filter)}`;
  if (guid.test(words)) return [filtered(`appId eq '${words.toLowerCase()}'`)];
  return [
    `${all}&$search=${encodeURIComponent(`"displayName:${words}"`)}&$count=true`,
    filtered(`startswith(displayName,'${words.replaceAll("'", "''")}')`),
  ];
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
