/** The sandbox's Microsoft Graph: applications and their credentials. */
import { randomUUID } from 'node:crypto';
import type { SandboxClock } from '../clock.ts';
import type { Directory } from '../entra/directory.ts';
import type { TokenClaims, TokenIssuer } from '../entra/tokens.ts';
import type { Handler, Incoming, Reply } from '../http/exchange.ts';
import { assertMayRead, findApplication } from './context.ts';
import type { GraphContext } from './context.ts';
import { addKey, addPassword, removeKey, removePassword } from './credentials.ts';
import { GraphError, graphErrors } from './errors.ts';
import { listApplications, ownedObjects, readApplication } from './reading.ts';
import { applicationPolicies, defaultPolicy } from './policies.ts';
import type { Replicas } from './replicas.ts';
import type { GraphSettings } from './settings.ts';
import { createApplication, patchApplication } from './writing.ts';

export interface GraphOptions {
  readonly directory: Directory;
  readonly issuer: TokenIssuer;
  readonly clock: SandboxClock;
  /** Accepted audiences, without a trailing slash. */
  readonly audiences: () => readonly string[];
  readonly settings: GraphSettings;
  readonly replicas: Replicas;
  readonly changed: () => void;
}

export function createGraph(options: GraphOptions): Handler {
  const selections: GraphContext['selections'] = new Map();
  return (incoming) => {
    const headers = {
      'cache-control': 'no-cache',
      'content-type':
        'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
      'request-id': randomUUID(),
      'client-request-id': incoming.headers['client-request-id'] ?? randomUUID(),
      'odata-version': '4.0',
      'x-ms-resource-unit': '1',
    };
    try {
      const { directory, clock, settings, replicas } = options;
      const claims = authenticate(incoming, options);
      const reply = route({ incoming, claims, directory, clock, settings, replicas, selections });
      if (incoming.method !== 'GET') options.changed();
      return { ...reply, headers: { ...headers, ...reply.headers } };
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      const reply = error.reply(options.clock.now(), incoming.headers['client-request-id']);
      return { ...reply, headers: { ...headers, ...reply.headers } };
    }
  };
}

function authenticate(incoming: Incoming, options: GraphOptions): TokenClaims {
  const token = /^Bearer (.+)$/i.exec(incoming.headers.authorization ?? '')?.[1];
  if (token === undefined) throw graphErrors.invalidToken('Access token is empty.');
  const claims = options.issuer.read(token);
  if (claims === undefined) throw graphErrors.invalidToken('Access token validation failure. Invalid signature.');
  if (!options.audiences().includes(claims.aud.replace(/\/$/, ''))) {
    throw graphErrors.invalidToken('Access token validation failure. Invalid audience.');
  }
  if (claims.exp < options.clock.seconds()) {
    throw graphErrors.invalidToken('Lifetime validation failed, the token is expired.');
  }
  return claims;
}

function route(context: GraphContext): Reply {
  const { incoming } = context;
  const [version = '', first = '', ...rest] = incoming.segments;
  if (version !== 'v1.0' && version !== 'beta') throw graphErrors.badBody('Invalid version.');
  const alternate = /^applications\(appId='([^']*)'\)$/i.exec(first)?.[1];
  if (alternate !== undefined) return application(context, { appId: alternate }, rest);
  switch (first) {
    case 'applications': {
      const [id, ...more] = rest;
      if (id !== undefined) return application(context, { id }, more);
      return incoming.method === 'POST' ? createApplication(context) : listApplications(context);
    }
    case 'me':
      if (rest[0] === 'ownedObjects') return ownedObjects(context);
      return me(context);
    case 'organization':
      return organization(context);
    case 'policies':
      return defaultPolicy(context);
    default:
      throw graphErrors.badBody(`Resource not found for the segment '${first}'.`);
  }
}

function application(context: GraphContext, key: { id?: string; appId?: string }, rest: readonly string[]): Reply {
  const { method } = context.incoming;
  const [action] = rest;
  if (action === undefined && method === 'GET') return readApplication(context, key);
  const found = findApplication(context, key);
  if (action === undefined && method === 'PATCH') return patchApplication(context, found);
  if (action === 'appManagementPolicies' && method === 'GET') return applicationPolicies(context, found);
  if (action === 'owners' && method === 'GET') {
    assertMayRead(context);
    const owners = context.directory.users.filter(({ id }) => found.owners.includes(id));
    return {
      status: 200,
      json: { value: owners.map((user) => ({ '@odata.type': '#microsoft.graph.user', ...user })) },
    };
  }
  const actions = { addPassword, removePassword, addKey, removeKey };
  const run = Object.entries(actions).find(([name]) => name === action)?.[1];
  if (run === undefined || method !== 'POST')
    throw graphErrors.badBody(`Resource not found for the segment '${action ?? ''}'.`);
  return run(context, found);
}

function me(context: GraphContext): Reply {
  const user = context.directory.users.find(({ id }) => id === context.claims.oid);
  if (user === undefined) throw graphErrors.badBody('/me request is only valid with delegated authentication flow.');
  const { id, displayName, userPrincipalName } = user;
  return { status: 200, json: { id, displayName, userPrincipalName } };
}

function organization({ directory, claims }: GraphContext): Reply {
  const value = directory.tenants
    .filter(({ id }) => id === claims.tid)
    .map(({ id, displayName, domain, kind }) => ({
      id,
      displayName,
      tenantType: kind === 'external' ? 'CIAM' : 'AAD',
      verifiedDomains: [{ name: domain, isDefault: true, isInitial: true }],
    }));
  return { status: 200, json: { value } };
}
