/** Signing users in: authorization code with PKCE, device code, refresh token. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { SandboxClock } from '../clock.ts';
import type { Incoming, Reply } from '../http/exchange.ts';
import { proveClient } from './clientCredentials.ts';
import { delegatedScopes, knownPublicClients } from './clients.ts';
import type { ResourceKind } from './clients.ts';
import { contextsOf } from './contexts.ts';
import type { Application, Directory, Tenant, User } from './directory.ts';
import { issuerOf } from './discovery.ts';
import { applicationIn, audiencesOf } from './entra.ts';
import { entraErrors } from './errors.ts';
import { formPost, html, logout, userPage } from './pages.ts';
import type { TokenIssuer } from './tokens.ts';
import type { UserFlows } from './userFlows.ts';

export interface UserFlowOptions {
  readonly directory: Directory;
  readonly issuer: TokenIssuer;
  readonly clock: SandboxClock;
  /** What kind of resource this is; undefined for one that nobody knows. */
  readonly resourceKind: (resource: string) => ResourceKind | undefined;
  /** Who sits at the keyboard: signs in without being asked. Undefined: the sign-in page lists the users. */
  readonly currentUser: () => User | undefined;
}

export interface UserTokenRequest {
  readonly user: User;
  readonly tenant: Tenant;
  readonly clientId: string;
  readonly resource: string;
  readonly scopes?: string;
  /** Seconds; 3599 unless given. */
  readonly lifetime?: number;
  readonly contexts?: readonly string[];
}

/** A user's access token as Entra would issue it. Throws EntraError 65002 where the client may not have one. */
export function userAccessToken(request: UserTokenRequest, options: UserFlowOptions): string {
  const { user, tenant, clientId, resource } = request;
  const now = options.clock.seconds();
  const kind = options.resourceKind(resource) ?? 'other';
  return options.issuer.issue({
    aud: resource,
    iss: `https://sts.windows.net/${tenant.id}/`,
    iat: now,
    nbf: now,
    exp: now + (request.lifetime ?? 3599),
    acr: '1',
    ...(request.contexts === undefined ? {} : { acrs: request.contexts }),
    amr: ['pwd', 'mfa'],
    appid: clientId,
    appidacr: '0',
    idtyp: 'user',
    name: user.displayName,
    oid: user.id,
    scp: delegatedScopes(clientId, kind, request.scopes ?? '.default'),
    sub: user.id,
    tid: tenant.id,
    unique_name: user.userPrincipalName,
    upn: user.userPrincipalName,
    uti: randomUUID(),
    ver: '1.0',
    wids: user.tenantId === tenant.id ? user.roles.flatMap((role) => roleTemplates[role] ?? []) : [],
  });
}

/** Template ids of directory roles, which tokens list as `wids` (Microsoft Entra built-in roles). */
const roleTemplates: Readonly<Record<string, string>> = {
  'Global Administrator': '62e90394-69f5-4237-9190-012177145e10',
  'Application Administrator': '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3',
  'Cloud Application Administrator': '158c047a-c907-4556-b7ef-446551a6b5f7',
  'Application Developer': 'cf1c38e5-3621-4004-a7cb-879624dced7c',
};

interface Code {
  readonly user: User;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: string | null;
  readonly nonce: string | null;
}

interface DeviceCode {
  readonly userCode: string;
  readonly clientId: string;
  user?: User;
}

export function createUserFlows(options: UserFlowOptions): UserFlows {
  const codes = new Map<string, Code>();
  const devices = new Map<string, DeviceCode>();
  return {
    route: (incoming, tenant, place) => {
      if (/^oauth2(\/v2\.0)?\/authorize$/.test(place)) return authorize(incoming, options, codes);
      if (/^oauth2(\/v2\.0)?\/devicecode$/.test(place)) return deviceCode(incoming, options, devices);
      if (place === 'devicelogin') return deviceLogin(incoming, options, devices, tenant);
      if (/^oauth2(\/v2\.0)?\/logout$/.test(place)) return logout(incoming);
      return undefined;
    },
    token: (form, tenant, incoming) => {
      const client = form.get('client_id') ?? '';
      switch (form.get('grant_type')) {
        case 'authorization_code': {
          const code = codes.get(form.get('code') ?? '');
          codes.delete(form.get('code') ?? '');
          if (code?.clientId !== client || !pkceIsGood(code, form)) throw entraErrors.codeExpired();
          proveIfConfidential(form, tenant, incoming, options);
          return tokens(form, code.user, tenant, incoming, options, code.nonce);
        }
        case 'refresh_token': {
          const claims = options.issuer.read(form.get('refresh_token') ?? '');
          const user = options.directory.users.find(({ id }) => id === claims?.oid);
          if (claims?.aud !== 'refresh' || user === undefined) throw entraErrors.codeExpired();
          proveIfConfidential(form, tenant, incoming, options);
          return tokens(form, user, tenant, incoming, options);
        }
        case 'urn:ietf:params:oauth:grant-type:device_code':
        case 'device_code': {
          const device = devices.get(form.get('device_code') ?? '');
          if (device === undefined) throw entraErrors.codeExpired();
          if (device.user === undefined) throw entraErrors.authorizationPending();
          return tokens(form, device.user, tenant, incoming, options);
        }
        default:
          return undefined;
      }
    },
  };
}

function registered(clientId: string, directory: Directory): Application | undefined {
  return directory.applications.find(({ appId }) => appId === clientId);
}

/** An app with its own registration is confidential here: it has to prove itself. */
function proveIfConfidential(
  form: URLSearchParams,
  tenant: Tenant,
  incoming: Incoming,
  options: UserFlowOptions,
): void {
  const clientId = form.get('client_id') ?? '';
  if (knownPublicClients.includes(clientId)) return;
  const application = applicationIn(tenant, clientId, options.directory);
  proveClient(form, application, audiencesOf(incoming, tenant), options.clock.now());
}

function pkceIsGood(code: Code, form: URLSearchParams): boolean {
  if (code.challenge === null) return true;
  return (
    createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url') === code.challenge
  );
}

function tokens(
  form: URLSearchParams,
  user: User,
  home: Tenant,
  incoming: Incoming,
  options: UserFlowOptions,
  nonce: string | null = null,
): Reply {
  // `/common` and `/organizations` mean the user's own tenant.
  const named = ['common', 'organizations'].includes(incoming.segments[0] ?? '');
  const tenant = named ? (options.directory.tenants.find(({ id }) => id === user.tenantId) ?? home) : home;
  if (user.tenantId !== tenant.id && !user.guestOf.includes(tenant.id))
    throw entraErrors.userNotInTenant(user.userPrincipalName, tenant.displayName);
  const clientId = form.get('client_id') ?? '';
  const scopes = form.get('scope') ?? '';
  const resource = resourceOf(scopes, clientId, tenant, options);
  const now = options.clock.seconds();
  const contexts = contextsOf(form.get('claims'));
  const access = userAccessToken(
    { user, tenant, clientId, resource, scopes, ...(contexts === undefined ? {} : { contexts }) },
    options,
  );
  const id = {
    aud: clientId,
    iss: issuerOf(tenant, incoming.url.host),
    iat: now,
    nbf: now,
    exp: now + 3600,
    name: user.displayName,
    ...(nonce === null ? {} : { nonce }),
    oid: user.id,
    preferred_username: user.userPrincipalName,
    sub: user.id,
    tid: tenant.id,
    ver: '2.0',
  };
  return {
    status: 200,
    headers: { 'cache-control': 'no-store, no-cache' },
    json: {
      token_type: 'Bearer',
      scope: scopes,
      expires_in: 3599,
      ext_expires_in: 3599,
      access_token: access,
      refresh_token: options.issuer.issue({ aud: 'refresh', oid: user.id, appid: clientId, jti: randomUUID() }),
      id_token: options.issuer.issue(id),
      client_info: clientInfo(user),
    },
  };
}

const clientInfo = (user: User): string =>
  Buffer.from(JSON.stringify({ uid: user.id, utid: user.tenantId })).toString('base64url');

function resourceOf(scopes: string, clientId: string, tenant: Tenant, options: UserFlowOptions): string {
  const named = scopes.split(' ').find((scope) => scope.includes('://'));
  if (named === undefined) return scopes.includes(clientId) ? clientId : 'https://graph.microsoft.com';
  const resource = named.replace(/\/[^/]*$/, '');
  if (options.resourceKind(resource.replace(/\/$/, '')) === undefined) {
    throw entraErrors.resourceNotFound(resource, tenant.displayName);
  }
  return resource;
}

function authorize(incoming: Incoming, options: UserFlowOptions, codes: Map<string, Code>): Reply {
  const query = incoming.url.searchParams;
  const clientId = query.get('client_id') ?? '';
  const redirectUri = query.get('redirect_uri') ?? '';
  const application = registered(clientId, options.directory);
  const loopback = /^http:\/\/localhost(:\d+)?(\/|$)/.test(redirectUri);
  if (
    application === undefined
      ? !(knownPublicClients.includes(clientId) && loopback)
      : !application.redirectUris.includes(redirectUri)
  ) {
    throw entraErrors.redirectMismatch(redirectUri, clientId);
  }
  const chosen = query.get('sandbox_user');
  const user = chosen === null ? options.currentUser() : options.directory.users.find(({ id }) => id === chosen);
  if (user === undefined) return userPage(incoming, options.directory.users);
  const code = randomBytes(24).toString('base64url');
  const challenge = query.get('code_challenge');
  codes.set(code, { user, clientId, redirectUri, challenge, nonce: query.get('nonce') });
  const answer = new URLSearchParams({ code, client_info: clientInfo(user), state: query.get('state') ?? '' });
  if (query.get('response_mode') === 'form_post') return formPost(redirectUri, answer);
  const separator = query.get('response_mode') === 'fragment' ? '#' : '?';
  return { status: 302, headers: { location: `${redirectUri}${separator}${answer.toString()}` }, text: '' };
}

function deviceCode(incoming: Incoming, options: UserFlowOptions, devices: Map<string, DeviceCode>): Reply {
  const form = new URLSearchParams(incoming.body.toString('utf8'));
  const clientId = form.get('client_id') ?? '';
  const userCode = randomBytes(5).toString('hex').toUpperCase().slice(0, 9);
  const code = randomBytes(24).toString('base64url');
  const user = options.currentUser();
  devices.set(code, { userCode, clientId, ...(user === undefined ? {} : { user }) });
  const page = `${incoming.url.origin}/common/devicelogin`;
  return {
    status: 200,
    json: {
      user_code: userCode,
      device_code: code,
      verification_uri: page,
      expires_in: 900,
      interval: 1,
      message: `To sign in, use a web browser to open the page ${page} and enter the code ${userCode} to authenticate.`,
    },
  };
}

function deviceLogin(
  incoming: Incoming,
  options: UserFlowOptions,
  devices: Map<string, DeviceCode>,
  tenant: Tenant,
): Reply {
  const query = incoming.url.searchParams;
  const device = [...devices.values()].find(({ userCode }) => userCode === query.get('code'));
  if (device === undefined) return html('<form>Code: <input name="code"><button>Next</button></form>');
  const user = options.directory.users.find(({ id }) => id === query.get('sandbox_user'));
  if (user === undefined)
    return userPage(
      incoming,
      options.directory.users.filter(({ tenantId }) => tenantId === tenant.id),
    );
  device.user = user;
  return html('<p>You are signed in. You can close this window.</p>');
}
