/** The sandbox's Entra: discovery documents and the token endpoint. */
import { randomUUID } from 'node:crypto';
import type { SandboxClock } from '../clock.ts';
import type { Handler, Incoming, Reply } from '../http/exchange.ts';
import { proveClient, resourceOfScope } from './clientCredentials.ts';
import type { ClientProof } from './clientCredentials.ts';
import { findTenant } from './directory.ts';
import type { Application, Directory, Tenant } from './directory.ts';
import { instanceDiscovery, keySet, openIdConfiguration } from './discovery.ts';
import { contextsOf } from './contexts.ts';
import { EntraError, entraErrors } from './errors.ts';
import type { TokenIssuer } from './tokens.ts';
import type { UserFlows } from './userFlows.ts';

/** What was asked of the token endpoint and how it ended; no secret, no assertion, no token. */
export interface TokenRequest {
  readonly tenant: string;
  readonly clientId: string;
  readonly grantType: string;
  readonly scope: string;
  /** How the client tried to prove itself. */
  readonly credential: 'secret' | 'assertion' | 'none';
  /** How it did; absent when it was refused. */
  readonly proof?: ClientProof;
  /** The AADSTS code of a refusal. */
  readonly refused?: number;
  /** `x-client-SKU` and `x-client-VER`, e.g. `msal.js.node 7.2.3`. */
  readonly client: string;
}

export interface EntraOptions {
  readonly directory: Directory;
  readonly issuer: TokenIssuer;
  readonly clock: SandboxClock;
  /** Whether an application may ask for tokens for this resource. */
  readonly knowsResource: (resource: string) => boolean;
  readonly log: (request: TokenRequest) => void;
  /** Sign-in of users; without it only the client-credentials grant works. */
  readonly userFlows?: UserFlows;
  /** Seconds that an access token lives; 3599 unless given. */
  readonly tokenLifetime?: () => number;
}

const sharedTenants = ['common', 'organizations', 'consumers'];

/** The handler of the whole surface. */
export function createEntra(options: EntraOptions): Handler {
  return (incoming) => {
    try {
      return route(incoming, options);
    } catch (error) {
      if (!(error instanceof EntraError)) throw error;
      return error.reply(options.clock.now(), incoming.headers['client-request-id']);
    }
  };
}

function route(incoming: Incoming, options: EntraOptions): Reply | Promise<Reply> {
  const [name = '', ...rest] = incoming.segments;
  const place = rest.join('/');
  if (place === 'discovery/instance') {
    const asked = incoming.url.searchParams.get('authorization_endpoint') ?? '';
    if (!URL.canParse(asked)) throw entraErrors.missingParameter('authorization_endpoint');
    return instanceDiscovery(new URL(asked), incoming.url.host);
  }
  const tenant = tenantOf(name, options);
  const shared = sharedTenants.includes(name) ? name : undefined;
  switch (place) {
    case '.well-known/openid-configuration':
      return openIdConfiguration(tenant, incoming.url.host, '', shared);
    case 'v2.0/.well-known/openid-configuration':
      return openIdConfiguration(tenant, incoming.url.host, '/v2.0', shared);
    case 'discovery/keys':
    case 'discovery/v2.0/keys':
      return keySet(options.issuer);
    case 'oauth2/token':
    case 'oauth2/v2.0/token':
      return incoming.method === 'POST' ? token(incoming, tenant, options) : { status: 405, text: '' };
    default:
      return options.userFlows?.route(incoming, tenant, place) ?? { status: 404, text: '' };
  }
}

function tenantOf(name: string, options: EntraOptions): Tenant {
  const workforce = options.directory.tenants.find(({ kind }) => kind === 'workforce');
  const tenant = sharedTenants.includes(name) ? workforce : findTenant(options.directory, name);
  if (tenant === undefined) throw entraErrors.tenantNotFound(name);
  return tenant;
}

function token(incoming: Incoming, tenant: Tenant, options: EntraOptions): Reply | Promise<Reply> {
  const form = new URLSearchParams(incoming.body.toString('utf8'));
  const basic = basicCredentials(incoming.headers.authorization);
  if (basic !== undefined) {
    form.set('client_id', basic.id);
    form.set('client_secret', basic.secret);
  }
  const entry: TokenRequest = {
    tenant: tenant.id,
    clientId: form.get('client_id') ?? '',
    grantType: form.get('grant_type') ?? '',
    scope: form.get('scope') ?? '',
    credential: form.has('client_assertion') ? 'assertion' : form.has('client_secret') ? 'secret' : 'none',
    client: `${form.get('x-client-SKU') ?? ''} ${form.get('x-client-VER') ?? ''}`.trim(),
  };
  try {
    for (const parameter of ['grant_type', 'client_id']) {
      if (!form.has(parameter)) throw entraErrors.missingParameter(parameter);
    }
    if (entry.grantType !== 'client_credentials') {
      const answer = options.userFlows?.token(form, tenant, incoming);
      if (answer === undefined) throw entraErrors.unsupportedGrant(entry.grantType);
      options.log(entry);
      return answer;
    }
    if (sharedTenants.includes(incoming.segments[0] ?? '')) throw entraErrors.commonEndpoint();
    const application = applicationIn(tenant, entry.clientId, options.directory);
    if (application.servicePrincipalId === '') throw entraErrors.noServicePrincipal(application.appId, tenant.id);
    const proof = proveClient(form, application, audiencesOf(incoming, tenant), options.clock.now());
    if (entry.scope === '') throw entraErrors.missingParameter('scope');
    const resource = resourceOfScope(entry.scope, options.knowsResource, tenant);
    options.log({ ...entry, proof });
    return grant(resource, application, tenant, options, contextsOf(form.get('claims')));
  } catch (error) {
    if (error instanceof EntraError) options.log({ ...entry, refused: error.code });
    throw error;
  }
}

/** A multi-tenant application can be used in every tenant, any other one in its own only. */
export function applicationIn(tenant: Tenant, appId: string, directory: Directory): Application {
  const application = directory.applications.find((entry) => entry.appId === appId.toLowerCase());
  if (application?.tenantId === tenant.id || application?.signInAudience === 'AzureADMultipleOrgs') return application;
  throw entraErrors.applicationNotFound(appId, tenant.displayName);
}

/** The addresses under which this token endpoint is known; an assertion may be made out to any of them. */
export function audiencesOf(incoming: Incoming, tenant: Tenant): string[] {
  return [incoming.segments[0] ?? '', tenant.id].flatMap((name) => {
    const base = `https://${incoming.url.host}/${name}`;
    return [`${base}/oauth2/v2.0/token`, `${base}/oauth2/token`, `${base}/v2.0`, `${base}/`];
  });
}

function grant(
  resource: string,
  application: Application,
  tenant: Tenant,
  options: EntraOptions,
  contexts: readonly string[] | undefined,
): Reply {
  const lifetime = options.tokenLifetime?.() ?? 3599;
  const now = options.clock.seconds();
  return {
    status: 200,
    headers: { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' },
    json: {
      token_type: 'Bearer',
      expires_in: lifetime,
      ext_expires_in: lifetime,
      access_token: options.issuer.issue({
        aud: resource,
        iss: `https://sts.windows.net/${tenant.id}/`,
        iat: now,
        nbf: now,
        exp: now + lifetime,
        appid: application.appId,
        ...(contexts === undefined ? {} : { acrs: contexts }),
        appidacr: '2',
        idtyp: 'app',
        oid: application.servicePrincipalId,
        sub: application.servicePrincipalId,
        roles: application.appRoles,
        tid: tenant.id,
        uti: randomUUID(),
        ver: '1.0',
      }),
    },
  };
}

function basicCredentials(header: string | undefined): { id: string; secret: string } | undefined {
  const encoded = /^Basic (.+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { id: decodeURIComponent(id), secret: decodeURIComponent(secret.join(':')) };
}
