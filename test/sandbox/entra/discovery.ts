/** The discovery documents of the sandbox's Entra. */
import type { Reply } from '../http/exchange.ts';
import type { Tenant } from './directory.ts';
import type { TokenIssuer } from './tokens.ts';

const microsoftHosts = /(^|\.)(microsoftonline\.(com|us|cn)|partner\.microsoftonline\.cn|ciamlogin\.com|windows\.net)$/;

/**
 * Issuer of a tenant. External ID tenants answer with their id in the host name, whatever host was asked: that is
 * what real tenants do and what msal-node's issuer check stumbles over (facts/tokens.md 4.2).
 */
export function issuerOf(tenant: Tenant, host: string): string {
  if (tenant.kind === 'external') return `https://${tenant.id}.ciamlogin.com/${tenant.id}/v2.0`;
  return microsoftHosts.test(host.replace(/:\d+$/, ''))
    ? `https://login.microsoftonline.com/${tenant.id}/v2.0`
    : `https://${host}/${tenant.id}/v2.0`;
}

/**
 * `/.well-known/openid-configuration`; `version` is the part of the path before it, `/v2.0` or nothing. For `shared`
 * (`common`, `organizations`, `consumers`) the addresses keep that word and the issuer is a template: msal-node puts
 * the tenant of each request in its place.
 */
export function openIdConfiguration(tenant: Tenant, host: string, version: '/v2.0' | '', shared?: string): Reply {
  const base = `https://${host}/${shared ?? tenant.id}`;
  const issuer = issuerOf(tenant, host);
  return {
    status: 200,
    headers: { 'access-control-allow-origin': '*', 'cache-control': 'max-age=86400, private' },
    json: {
      token_endpoint: `${base}/oauth2${version}/token`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
      jwks_uri: `${base}/discovery${version}/keys`,
      response_modes_supported: ['query', 'fragment', 'form_post'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      issuer: shared === undefined ? issuer : issuer.replaceAll(tenant.id, '{tenantid}'),
      request_uri_parameter_supported: false,
      userinfo_endpoint: 'https://graph.microsoft.com/oidc/userinfo',
      authorization_endpoint: `${base}/oauth2${version}/authorize`,
      device_authorization_endpoint: `${base}/oauth2${version}/devicecode`,
      http_logout_supported: true,
      frontchannel_logout_supported: true,
      end_session_endpoint: `${base}/oauth2${version}/logout`,
      claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'nonce', 'name', 'tid', 'ver', 'email'],
      tenant_region_scope: 'EU',
      cloud_instance_name: 'microsoftonline.com',
      cloud_graph_host_name: 'graph.windows.net',
      msgraph_host: 'graph.microsoft.com',
      rbac_url: 'https://pas.windows.net',
    },
  };
}

/** `/common/discovery/instance`: knows the host that was asked and Microsoft's public one. */
export function instanceDiscovery(authorizationEndpoint: URL, host: string): Reply {
  if (authorizationEndpoint.host !== host && !microsoftHosts.test(authorizationEndpoint.hostname)) {
    return {
      status: 400,
      json: {
        error: 'invalid_instance',
        error_description: 'AADSTS50049: Unknown or invalid instance.',
        error_codes: [50049],
      },
    };
  }
  const [, tenant = 'common'] = authorizationEndpoint.pathname.split('/');
  const name = authorizationEndpoint.host;
  return {
    status: 200,
    json: {
      tenant_discovery_endpoint: `https://${name}/${tenant}/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [{ preferred_network: name, preferred_cache: name, aliases: [name] }],
    },
  };
}

/** `/discovery/v2.0/keys`: the key that signs the tokens. */
export function keySet(issuer: TokenIssuer): Reply {
  const { n, e } = issuer.publicKey.export({ format: 'jwk' });
  return {
    status: 200,
    json: { keys: [{ kty: 'RSA', use: 'sig', kid: issuer.keyId, x5t: issuer.keyId, n, e }] },
  };
}
