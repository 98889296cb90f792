/** Facade of app registrations. */
import { isCancelled, throwIfCancelled } from '../../base/errors.ts';
import type { CallOptions } from '../vaults/types.ts';
import { administratorCalls, registrationLink } from './administrator.ts';
import { publicCertificate } from './certificate.ts';
import { removeCertificate, upload } from './changes.ts';
import { explain, lacksPermission, permissionMissing, tenantNeeded } from './errors.ts';
import type { Attempt } from './errors.ts';
import { createGraph, readingPermissions, writingPermissions } from './graph.ts';
import type { GraphPorts, GraphSession } from './graph.ts';
import type { OwnWrites } from './guardedWrite.ts';
import { preflight } from './preflight.ts';
import { checkName, read, search } from './reading.ts';
import { removeSecrets } from './secrets.ts';
import type { ApplicationName, Registrations, RemovalOutcome } from './types.ts';

/** Nothing is asked of anybody before the first call. */
export function createRegistrations(ports: GraphPorts): Registrations & { forget(): void } {
  const { cloud, clock } = ports;
  const open = createGraph(ports);
  const ownWrites: OwnWrites = new Map();

  /** Runs one piece of work with one token, and puts what goes wrong into words. */
  const work = async <T>(
    attempt: Omit<Attempt, 'token'>,
    options: CallOptions,
    run: (session: GraphSession) => Promise<T>,
  ): Promise<T> => {
    throwIfCancelled(options.signal);
    let session: GraphSession | undefined;
    try {
      const writes = attempt.action === 'write';
      session = await open(attempt.tenant, writes ? writingPermissions : readingPermissions, options);
      if (writes && lacksPermission(session.token)) throw permissionMissing({ ...attempt, token: session.token });
      return await run(session);
    } catch (error) {
      const token = session?.token;
      throw explain(error, cloud, { ...attempt, ...(token === undefined ? {} : { token }) }, options.signal);
    }
  };
  const onApplication = <T>(
    action: Attempt['action'],
    name: ApplicationName,
    options: CallOptions,
    run: (session: GraphSession) => Promise<T>,
  ): Promise<T> => work({ action, tenant: name.tenant, appId: name.appId }, options, run);

  return {
    /** Forgets what was written lately: another account may look at another directory. */
    forget() {
      ownWrites.clear();
    },
    async find(name, options = {}) {
      checkName(name);
      return onApplication('read', name, options, async (session) => (await read(session, name, true)).registration);
    },
    async search(request, options = {}) {
      if (request.tenant === '') throw tenantNeeded({ appId: '', tenant: '' });
      return work({ action: 'search', tenant: request.tenant }, options, (session) => search(session, request));
    },
    async preflight(name, certificateDer, options = {}) {
      checkName(name);
      const certificate = certificateDer && publicCertificate(certificateDer, clock.now());
      const { tenant, appId } = name;
      // Asks for a token that may write; one that may only read tells what is missing.
      return work({ action: 'read', tenant, appId }, options, async () => {
        const session = await open(tenant, writingPermissions, options);
        return preflight(session, name, certificate, ports);
      });
    },
    async upload(request, options = {}) {
      checkName(request);
      const certificate = publicCertificate(request.certificateDer, clock.now());
      return onApplication('write', request, options, (session) =>
        upload(session, request, certificate, { clock, ownWrites }),
      );
    },
    async removeSecrets(name, keyIds, options = {}) {
      checkName(name);
      return onApplication('write', name, options, async (session): Promise<RemovalOutcome> => {
        const { kept, ...outcome } = await removeSecrets(session, name, keyIds, clock);
        if (kept === undefined) return outcome;
        const attempt = { action: 'write', ...name, token: session.token } as const;
        const error = explain(kept.error, cloud, attempt, options.signal);
        const reason = isCancelled(error) ? {} : { reason: error.message };
        return { ...outcome, kept: { keyIds: kept.keyIds, ...reason } };
      });
    },
    async removeCertificate(name, keyId, options = {}) {
      checkName(name);
      return onApplication('write', name, options, (session) =>
        removeCertificate(session, name, keyId, { clock, ownWrites }),
      );
    },
    portalLink: (name) => registrationLink(cloud, name),
    administratorCalls: (request, certificateFile) =>
      administratorCalls(cloud, request, publicCertificate(request.certificateDer, clock.now()), certificateFile),
  };
}
