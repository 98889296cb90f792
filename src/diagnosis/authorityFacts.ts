/** What an authority tells about its app: the tenant that it is registered in, and the cloud. */
import { readAuthority } from '../appConfig/authority.ts';
import type { AuthorityFacts } from '../appConfig/authority.ts';

/** Tenant of an authority that names one; undefined for `common` and its like, for placeholders, and where a part is known only when the app runs. */
export function tenantOf(authority: string | undefined): string | undefined {
  if (authority === undefined) return undefined;
  const { kind, host = '', tenant, tenantForm } = readAuthority(authority);
  if (tenantForm === 'guid' || tenantForm === 'domain') return tenant;
  if (kind !== 'externalId' || tenantForm !== 'none') return undefined;
  const subdomain = /^([0-9a-z-]+)\.ciamlogin\./.exec(host)?.[1];
  if (subdomain === undefined) return undefined;
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(subdomain) ? subdomain : `${subdomain}.onmicrosoft.com`;
}

/**
 * The host that the app signs in at, with its cloud; undefined for a host that belongs to none of Microsoft's clouds.
 */
export function cloudOf(authority: string): (Pick<AuthorityFacts, 'cloud'> & { readonly host: string }) | undefined {
  const { kind, cloud, host } = readAuthority(authority);
  return kind === 'unknown' || host === undefined ? undefined : { cloud, host };
}
