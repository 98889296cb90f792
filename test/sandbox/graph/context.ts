/** What the operations of Graph get, and who may do what to an application. */
import type { SandboxClock } from '../clock.ts';
import type { Application, Directory } from '../entra/directory.ts';
import type { TokenClaims } from '../entra/tokens.ts';
import type { Incoming } from '../http/exchange.ts';
import { graphErrors } from './errors.ts';
import type { Replicas } from './replicas.ts';
import type { GraphSettings } from './settings.ts';

export interface GraphContext {
  readonly incoming: Incoming;
  readonly claims: TokenClaims;
  readonly directory: Directory;
  readonly clock: SandboxClock;
  readonly settings: GraphSettings;
  /** What reads show of applications that were just written. */
  readonly replicas: Replicas;
  /** When `keyCredentials` were selected lately, in milliseconds, by tenant. */
  readonly selections: Map<string, number[]>;
}

const writingScopes = ['Application.ReadWrite.All', 'Directory.AccessAsUser.All', 'Directory.ReadWrite.All'];
const readingScopes = [...writingScopes, 'Application.Read.All', 'Directory.Read.All'];
const writingRoles = ['Application Administrator', 'Cloud Application Administrator', 'Global Administrator'];

const granted = ({ claims }: GraphContext): readonly string[] => claims.roles ?? (claims.scp ?? '').split(' ');

/** Throws 403 unless applications may be read. */
export function assertMayRead(context: GraphContext): void {
  const names = [...readingScopes, ...(context.claims.idtyp === 'app' ? ['Application.ReadWrite.OwnedBy'] : [])];
  if (!granted(context).some((scope) => names.includes(scope))) throw graphErrors.denied();
}

/**
 * Throws 403 unless the application may be written: the scope alone is not enough for a user, who has to own it or to
 * hold a role (facts/graph.md 3.6).
 */
export function assertMayWrite(context: GraphContext, application: Application): void {
  const { claims, directory } = context;
  if (claims.idtyp === 'app') {
    const owned = application.owners.includes(claims.oid) && granted(context).includes('Application.ReadWrite.OwnedBy');
    if (owned || granted(context).includes('Application.ReadWrite.All')) return;
    throw graphErrors.denied();
  }
  const user = directory.users.find(({ id }) => id === claims.oid);
  const powerful = (user?.roles ?? []).some((role) => writingRoles.includes(role)) && user?.tenantId === claims.tid;
  const scoped = granted(context).some((scope) => writingScopes.includes(scope));
  if (!scoped || !(powerful || application.owners.includes(claims.oid))) throw graphErrors.denied();
}

/** The live application of the caller's tenant by object id or `(appId='…')`; throws 404. */
export function findApplication(context: GraphContext, key: { id?: string; appId?: string }): Application {
  const found = context.directory.applications.find(
    ({ id, appId, tenantId }) =>
      tenantId === context.claims.tid && (id === key.id || appId === key.appId?.toLowerCase()),
  );
  if (found === undefined) throw graphErrors.notFound(key.id ?? key.appId ?? '');
  return found;
}
