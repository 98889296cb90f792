/** From the app's authority to the token endpoint, the way MSAL goes (facts/tokens.md 4.2). */
import * as l10n from '@vscode/l10n';
import { isMultiTenant, readAuthority } from '../../appConfig/authority.ts';
import type { AuthorityFacts } from '../../appConfig/authority.ts';
import { atLeast } from '../../appConfig/versions.ts';
import { ExpectedError } from '../../base/errors.ts';
import { resolveCloud } from '../clouds.ts';
import type { Cloud } from '../types.ts';
import type { ProofRequest } from './types.ts';

/** Where a proof asks. */
export interface ProofPlace {
  /** `https://host/tenant`, without a trailing slash. */
  readonly base: string;
  readonly host: string;
  /** MSAL knows this host's addresses by itself; of any other it reads the discovery document. */
  readonly isWellKnown: boolean;
  /** What the token is asked for; `/.default` of Microsoft Graph where the request does not say. */
  readonly scope: string;
}

/** What a discovery document says, as far as it matters here. */
export interface Discovered {
  readonly tokenEndpoint: string;
  readonly issuer: string;
}

/** First msal-node that compares the issuer, and first one where `knownAuthorities` counts in that (src/diagnosis/checkApp.ts has the evidence). */
const firstWithIssuerCheck = '5.2.1';
const firstWithKnownIssuers = '5.2.3';

/**
 * Rejects authorities that no proof can be made with: `proof-not-for-b2c`, `authority-not-usable`, `home-tenant-needed`, `graph-of-cloud-not-known`.
 * @throws ExpectedError
 */
export function placeOf(request: ProofRequest, cloud: Cloud): ProofPlace {
  const facts = readAuthority(request.authority);
  if (facts.kind === 'b2c') throw notForB2c();
  const { host } = facts;
  if (host === undefined || host.includes('${') || facts.tenantForm === 'placeholder')
    throw notUsable(request.authority);
  const tenant = tenantOf(facts, request, host);
  const real = host === 'login.chinacloudapi.cn' ? 'login.partner.microsoftonline.cn' : host;
  return {
    base: `https://${real}/${encodeURIComponent(tenant)}`,
    host: real,
    isWellKnown: facts.kind === 'workforce',
    scope: request.scope ?? `${graphOf(facts, real, cloud)}/.default`,
  };
}

/** The request of the discovery document. */
export function discoveryAddress(place: ProofPlace): string {
  return `${place.base}/v2.0/.well-known/openid-configuration`;
}

/**
 * The endpoint out of a discovery document. It must lie where the authority does, or at Microsoft: whoever wrote another address into it
 * would get an assertion that is good there.
 * @throws ExpectedError `authority-not-usable`
 */
export function readDiscovery(document: unknown, place: ProofPlace): Discovered {
  const { token_endpoint: endpoint, issuer } = (document ?? {}) as { token_endpoint?: unknown; issuer?: unknown };
  const isFine =
    typeof endpoint === 'string' &&
    URL.canParse(endpoint) &&
    new URL(endpoint).protocol === 'https:' &&
    (new URL(endpoint).host === place.host || isMicrosoft(new URL(endpoint).host));
  if (!isFine) throw notUsable(place.base);
  return { tokenEndpoint: endpoint, issuer: typeof issuer === 'string' ? issuer : '' };
}

/**
 * Why the app's MSAL would stop before it asks for a token although we could: it refuses the issuer (as with an External ID tenant that the
 * authority does not name by its id), or asks Microsoft about a host that is no well-known one. Undefined when it goes on.
 */
export function refusalByMsal(
  discovered: Discovered,
  place: ProofPlace,
  request: ProofRequest,
): { readonly code: string; readonly text: string } | undefined {
  const { knownAuthorities, msalVersion } = request;
  const known = knownAuthorities === 'unknown' ? undefined : (knownAuthorities ?? []).map(hostOf);
  if (!isMicrosoft(place.host) && known !== undefined && !known.includes(place.host))
    return {
      code: 'authority-not-known',
      text: l10n.t(
        'MSAL does not know the host {0} and asks Microsoft about it, which answers that it is no sign-in host; the app then fails with endpoints_resolution_error. Add "{0}" to knownAuthorities in the app config.',
        place.host,
      ),
    };
  if (msalVersion === undefined || !atLeast(msalVersion, firstWithIssuerCheck)) return undefined;
  const issuer = hostOf(discovered.issuer);
  const tenant = decodeURIComponent(place.base.split('/').at(-1) ?? '').replace(/\.onmicrosoft\.com$/i, '');
  const ciam = `https://${tenant}.ciamlogin.com`;
  const patterns = [
    '',
    `/${tenant}`,
    `/${tenant}/v2.0`,
    `/${tenant}.onmicrosoft.com`,
    `/${tenant}.onmicrosoft.com/v2.0`,
  ];
  const isAccepted =
    issuer === place.host ||
    isWorkforce(issuer) ||
    patterns.some((path) => `${ciam}${path}` === discovered.issuer.replace(/\/+$/, '')) ||
    known === undefined ||
    (atLeast(msalVersion, firstWithKnownIssuers) && known.includes(issuer));
  if (isAccepted) return undefined;
  return {
    code: 'authority-rejected',
    text: l10n.t(
      'The tenant answers under the name {0}, which msal-node {1} does not accept for the authority {2}; the app fails with endpoints_resolution_error. Write the authority with the tenant id in place of its name.',
      discovered.issuer,
      msalVersion,
      place.base,
    ),
  };
}

function tenantOf(facts: AuthorityFacts, request: ProofRequest, host: string): string {
  if (isMultiTenant(facts) || (facts.tenantForm === 'none' && facts.kind !== 'externalId')) {
    if (request.homeTenant !== undefined && request.homeTenant !== '') return request.homeTenant;
    throw homeTenantNeeded(facts.tenantForm === 'none' ? 'common' : facts.tenantForm);
  }
  return facts.tenant ?? `${host.split('.')[0] ?? ''}.onmicrosoft.com`;
}

/** The Graph of the authority's cloud, as a scope names it. A host that is no Microsoft cloud's is the one that the settings describe. */
function graphOf(facts: AuthorityFacts, host: string, cloud: Cloud): string {
  if (facts.kind === 'unknown' || host === hostOf(cloud.login)) return cloud.graph;
  switch (facts.cloud) {
    case 'germany':
      return 'https://graph.microsoft.de';
    case 'custom':
      throw graphNotKnown(host);
    default:
      return resolveCloud(facts.cloud).graph;
  }
}

const isWorkforce = (host: string): boolean => readAuthority(`https://${host}/x`).kind === 'workforce';
const isMicrosoft = (host: string): boolean =>
  ['workforce', 'externalId'].includes(readAuthority(`https://${host}/x`).kind);

function hostOf(address: string): string {
  try {
    return new URL(address.includes('://') ? address : `https://${address}`).host.toLowerCase();
  } catch {
    return '';
  }
}

function notForB2c(): ExpectedError {
  return new ExpectedError(
    'proof-not-for-b2c',
    l10n.t(
      'No proof was made because Azure AD B2C gives no token of its user flows to an app alone, so a certificate cannot be tried there. Start the app and sign in to see whether it works.',
    ),
  );
}

function notUsable(authority: string | undefined): ExpectedError {
  return new ExpectedError(
    'authority-not-usable',
    l10n.t(
      'No token was asked for because the authority {0} is not an address of a sign-in service. Write it as https://host/tenant in the app config, or give it as option.',
      authority ?? '',
    ),
  );
}

function graphNotKnown(host: string): ExpectedError {
  return new ExpectedError(
    'graph-of-cloud-not-known',
    l10n.t(
      'No token was asked for because {0} belongs to a cloud whose Microsoft Graph is not known here. Set clientCertificate.cloud to "custom" and give the addresses of that cloud in clientCertificate.customCloud, with https://{0} as login.',
      host,
    ),
  );
}

function homeTenantNeeded(word: string): ExpectedError {
  return new ExpectedError(
    'home-tenant-needed',
    l10n.t(
      'The app config names no tenant but "{0}", and a token for the app itself comes from one tenant only. Give the tenant of the app registration (option "tenant").',
      word,
    ),
  );
}
