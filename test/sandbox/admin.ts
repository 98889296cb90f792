/** The admin endpoint: what tests in other processes and the stand-in `az` need. Not part of Azure. */
import { flag, isRecord, jsonBody, number, record, text } from './http/exchange.ts';
import { refusalFault } from './entra/refusals.ts';
import type { Handler, Incoming, Reply } from './http/exchange.ts';
import type { Fault, Surface } from './http/faults.ts';
import type { TlsMode } from './http/server.ts';
import type { Sandbox } from './sandbox.ts';

/**
 * - `GET /connection`: addresses, tenants, vaults, secrets: what a client needs to treat the sandbox as a custom cloud
 * - `GET /log`, `DELETE /log`; `GET /tokenRequests`
 * - `POST /faults` (a `Fault`, or `{aadsts, times?, skip?}` for a refusal of the token endpoint), `DELETE /faults`
 * - `POST /clock` `{advanceSeconds}`
 * - `POST /tls` `{mode, surface, vault?}`
 * - `POST /token` `{user, resource, tenant?, clientId?}`: `{accessToken, expiresOn, tenant}`
 * - `POST /currentUser` `{user}`
 * - `PATCH /vaults/NAME` `{network?, grants?, behaviour?}`; `PATCH /graph` (settings); `POST /closedSubscriptions` `{id, closed}`
 *
 * All need `authorization: Bearer ADMINTOKEN`.
 */
export function createAdmin(sandbox: Sandbox): Handler {
  return (incoming) => {
    if (incoming.headers.authorization !== `Bearer ${sandbox.adminToken}`) return { status: 401, json: {} };
    try {
      return { status: 200, json: run(incoming, sandbox) ?? {} };
    } catch (error) {
      return { status: 400, json: { error: error instanceof Error ? error.message : String(error) } };
    }
  };
}

function run(incoming: Incoming, sandbox: Sandbox): unknown {
  const [place = '', name = ''] = incoming.segments;
  const body = jsonBody(incoming) ?? {};
  switch (`${incoming.method} ${place}`) {
    case 'GET connection':
      return connection(sandbox);
    case 'GET log':
      return sandbox.log;
    case 'GET tokenRequests':
      return sandbox.tokenRequests;
    case 'DELETE log':
      sandbox.log.length = 0;
      sandbox.tokenRequests.length = 0;
      return undefined;
    case 'POST faults':
      sandbox.faults.add(faultOf(body));
      return undefined;
    case 'DELETE faults':
      sandbox.faults.clear();
      return undefined;
    case 'POST clock':
      sandbox.clock.advance((number(body.advanceSeconds) ?? 0) * 1000);
      return { now: sandbox.clock.now() };
    case 'POST tls':
      sandbox.setTls(text(body.mode) as TlsMode, text(body.surface) as Surface, text(body.vault));
      return undefined;
    case 'POST token':
      return token(body, sandbox);
    case 'POST currentUser':
      sandbox.setCurrentUser(text(body.user));
      return undefined;
    case 'PATCH vaults':
      return changeVault(sandbox.vault(name), body, sandbox);
    case 'PATCH graph':
      Object.assign(sandbox.graph, body);
      return sandbox.graph;
    case 'POST closedSubscriptions':
      if (flag(body.closed) === false) sandbox.closedSubscriptions.delete(text(body.id) ?? '');
      else sandbox.closedSubscriptions.add(text(body.id) ?? '');
      return undefined;
    default:
      throw new Error(`The admin endpoint knows no ${incoming.method} ${incoming.path}.`);
  }
}

function faultOf(body: Record<string, unknown>): Fault {
  const code = number(body.aadsts);
  return code === undefined ? (body as unknown as Fault) : { ...body, ...refusalFault(code) };
}

/** What a client needs to use the sandbox as a custom cloud. It holds secrets: keep it out of logs. */
export function connection(sandbox: Sandbox): Record<string, unknown> {
  return {
    entra: sandbox.entraOrigin,
    resourceManager: sandbox.armOrigin,
    graph: sandbox.graphOrigin,
    admin: sandbox.adminOrigin,
    adminToken: sandbox.adminToken,
    vaultResource: 'https://vault.azure.net',
    ca: sandbox.ca.certificatePem,
    tenants: sandbox.state.directory.tenants,
    vaults: sandbox.state.vaults.map(({ name, tenantId }) => ({ name, tenantId, url: sandbox.vaultOrigin(name) })),
    applications: sandbox.state.directory.applications.map(({ appId, tenantId, displayName }) => ({
      appId,
      tenantId,
      displayName,
    })),
    secrets: sandbox.secrets,
  };
}

function token(body: Record<string, unknown>, sandbox: Sandbox): Record<string, unknown> {
  const lifetime = number(body.lifetime) ?? 3599;
  const tenant = text(body.tenant);
  const clientId = text(body.clientId);
  const accessToken = sandbox.userToken({
    user: text(body.user) ?? '',
    resource: (text(body.resource) ?? '').replace(/\/\.default$/, ''),
    lifetime,
    ...(tenant === undefined ? {} : { tenant }),
    ...(clientId === undefined ? {} : { clientId }),
  });
  return { accessToken, expiresOn: sandbox.clock.seconds() + lifetime, tokenType: 'Bearer' };
}

function changeVault(
  vault: ReturnType<Sandbox['vault']>,
  body: Record<string, unknown>,
  sandbox: Sandbox,
): Reply['json'] {
  const network = text(body.network);
  if (network === 'open' || network === 'firewall' || network === 'private') vault.network = network;
  if (Array.isArray(body.grants)) vault.grants = body.grants.filter(isRecord) as unknown as typeof vault.grants;
  Object.assign(vault.behaviour, record(body.behaviour));
  sandbox.save();
  return { network: vault.network, grants: vault.grants, behaviour: vault.behaviour };
}
