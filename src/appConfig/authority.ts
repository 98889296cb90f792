/** What an authority says: which kind of tenant, which cloud, which tenant. */
import type { TenantKind } from './types.ts';

export type Cloud = 'public' | 'usGovernment' | 'china' | 'germany' | 'custom';

/** How the tenant is named in the authority's path; `placeholder` where a sample's text was never replaced. */
export type TenantForm = 'guid' | 'domain' | 'common' | 'organizations' | 'consumers' | 'placeholder' | 'none';

export interface AuthorityFacts {
  readonly kind: TenantKind;
  readonly cloud: Cloud;
  /** Lower-case host with its port where it has one; undefined when the text is no https URL. */
  readonly host?: string;
  /** First path segment as it stands, or the one after `tfp` (Azure AD B2C); undefined when there is none or it is not known. */
  readonly tenant?: string;
  readonly tenantForm: TenantForm;
}

/**
 * Sign-in hosts of Microsoft's clouds (facts/tokens.md 4.4, and the aliases in msal-common's AuthorityMetadata).
 * The sovereign clouds in Europe (`sovcloud-identity.*`) count as clouds of their own.
 */
const workforceHosts: ReadonlyMap<string, Cloud> = new Map<string, Cloud>([
  ['login.microsoftonline.com', 'public'],
  ['login.windows.net', 'public'],
  ['login.microsoft.com', 'public'],
  ['sts.windows.net', 'public'],
  ['login.microsoftonline.us', 'usGovernment'],
  ['login.usgovcloudapi.net', 'usGovernment'],
  ['login-us.microsoftonline.com', 'usGovernment'],
  ['login.partner.microsoftonline.cn', 'china'],
  ['login.chinacloudapi.cn', 'china'],
  ['login.microsoftonline.de', 'germany'],
  ['login.sovcloud-identity.fr', 'custom'],
  ['login.sovcloud-identity.de', 'custom'],
  ['login.sovcloud-identity.sg', 'custom'],
]);

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** A real name may begin with such a word, too (`enterprise.onmicrosoft.com`): what follows it tells. */
const placeholder =
  /^(?:enter|your|insert|replace|todo|xxx)(?![a-z])|^your(?:tenant|domain|directory|organi[sz]ation)|^[<{]|_here$|tenant_?(?:id|name|subdomain)|\$\{/i;

/**
 * Reads an authority. Parts that are not known may stand in it as `${…}`: host and tenant then say what the known
 * rest says (`https://${sub}.ciamlogin.com/` is an External ID tenant whose name is unknown).
 * @param authority text of the `authority` property; undefined where the config has none: MSAL then uses
 * `https://login.microsoftonline.com/common`
 */
export function readAuthority(authority: string | undefined): AuthorityFacts {
  const match = /^\s*https:\/\/((?:\$\{[^}]*\}|[^/?#\s])+)(?:\/((?:\$\{[^}]*\}|[^/?#\s])*))?(?:\/([^/?#\s]*))?/i.exec(
    authority ?? 'https://login.microsoftonline.com/common',
  );
  if (match === null) return { kind: 'unknown', cloud: 'custom', tenantForm: 'none' };
  const host = (match[1] ?? '').toLowerCase();
  const isTfp = match[2]?.toLowerCase() === 'tfp';
  const segment = isTfp ? match[3] : match[2];
  const tenant = segment === undefined || segment === '' ? undefined : segment;
  const facts = { host, ...(tenant === undefined ? {} : { tenant }), tenantForm: formOf(tenant) };
  const name = host.replace(/:\d+$/, '');
  const ciam = /^(.*)\.ciamlogin\.(com|us)$/.exec(name);
  if (ciam !== null) {
    // The host names the tenant where the path does not; a sample's host is as little one as a sample's path.
    const isSample = tenant === undefined && !name.includes('${') && placeholder.test(ciam[1] ?? '');
    const cloud = ciam[2] === 'us' ? 'usGovernment' : 'public';
    return { kind: 'externalId', cloud, ...facts, ...(isSample ? { tenantForm: 'placeholder' } : {}) };
  }
  const b2c = /\.b2clogin\.(com|us|cn|de)$/.exec(name);
  if (b2c !== null) return { kind: 'b2c', cloud: b2cClouds[b2c[1] as keyof typeof b2cClouds], ...facts };
  const cloud = workforceHosts.get(name) ?? regional(name);
  // Azure AD B2C before b2clogin.com: https://login.microsoftonline.com/tfp/tenant/policy or /tenant/B2C_1_policy.
  if (cloud !== undefined && (isTfp || /^b2c_1/i.test(match[3] ?? ''))) {
    return { kind: 'b2c', cloud, ...facts };
  }
  return cloud === undefined ? { kind: 'unknown', cloud: 'custom', ...facts } : { kind: 'workforce', cloud, ...facts };
}

const b2cClouds = { com: 'public', us: 'usGovernment', cn: 'china', de: 'germany' } as const;

/** `westeurope.login.microsoft.com`, as MSAL builds it for `azureRegion`. */
function regional(host: string): Cloud | undefined {
  const rest = host.slice(host.indexOf('.') + 1);
  return rest === 'login.microsoft.com' || rest === 'login.microsoftonline.com' ? 'public' : undefined;
}

function formOf(tenant: string | undefined): TenantForm {
  if (tenant === undefined) return 'none';
  const lower = tenant.toLowerCase();
  if (lower === 'common' || lower === 'organizations' || lower === 'consumers') return lower;
  if (guid.test(tenant)) return 'guid';
  if (placeholder.test(tenant)) return 'placeholder';
  return 'domain';
}

/** True where the authority names no single tenant, so that a token proof needs to be told one (design, "Prove"). */
export function isMultiTenant(facts: AuthorityFacts): boolean {
  return facts.tenantForm === 'common' || facts.tenantForm === 'organizations' || facts.tenantForm === 'consumers';
}
