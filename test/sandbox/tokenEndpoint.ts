/**
 * An Entra token endpoint on loopback for suites that only need tokens: discovery documents and the client-credentials
 * grant with secret or client assertion, verified as the service does (facts/tokens.md).
 */
import { randomUUID } from 'node:crypto';
import type { TestCa } from './ca.ts';
import { createClock } from './clock.ts';
import type { SandboxClock } from './clock.ts';
import { keyCredentialOf, passwordCredentialOf } from './entra/directory.ts';
import type { Directory, Tenant } from './entra/directory.ts';
import { createEntra } from './entra/entra.ts';
import type { TokenRequest } from './entra/entra.ts';
import { createTokenIssuer } from './entra/tokens.ts';
import { createFaults } from './http/faults.ts';
import type { Faults } from './http/faults.ts';
import { startServer } from './http/server.ts';
import type { LogEntry } from './http/server.ts';

export interface TokenEndpointOptions {
  readonly ca: TestCa;
  readonly applications: readonly {
    readonly clientId: string;
    readonly tenantId: string;
    readonly secrets?: readonly string[];
    /** DER of registered certificates. */
    readonly certificates?: readonly Uint8Array[];
  }[];
  /** Tenants that are more than an id; every tenant of an application that is not named here is a workforce tenant. */
  readonly tenants?: readonly Tenant[];
  readonly port?: number;
}

export interface TokenEndpoint {
  /** `https://localhost:PORT`. */
  readonly origin: string;
  readonly port: number;
  /** The authority to put into an MSAL configuration; `knownAuthorities` needs `localhost:PORT`. */
  authority(tenantId: string): string;
  /** Adds a certificate to the registration, usable at once. Returns its key id. */
  registerCertificate(clientId: string, der: Uint8Array): string;
  removeCertificates(clientId: string): void;
  removeSecrets(clientId: string): void;
  /** What was asked of the token endpoint, in order. */
  readonly requests: TokenRequest[];
  /** Every HTTP request, discovery included. */
  readonly log: LogEntry[];
  readonly clock: SandboxClock;
  readonly faults: Faults;
  close(): Promise<void>;
}

const aYear = 365 * 86_400_000;

/** Starts the endpoint on a free port of 127.0.0.1. It answers tokens for every resource. */
export async function startTokenEndpoint(options: TokenEndpointOptions): Promise<TokenEndpoint> {
  const clock = createClock();
  const faults = createFaults();
  const requests: TokenRequest[] = [];
  const log: LogEntry[] = [];
  const directory = directoryOf(options, clock.now());
  const server = await startServer({
    surface: 'entra',
    ca: options.ca,
    faults,
    log: (entry) => log.push(entry),
    handle: createEntra({
      directory,
      clock,
      issuer: createTokenIssuer(),
      knowsResource: () => true,
      log: (request) => requests.push(request),
    }),
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  const application = (clientId: string): Directory['applications'][number] => {
    const found = directory.applications.find(({ appId }) => appId === clientId.toLowerCase());
    if (found === undefined) throw new Error(`The token endpoint knows no application ${clientId}.`);
    return found;
  };
  return {
    origin: server.origin,
    port: server.port,
    authority: (tenantId) => `${server.origin}/${tenantId}`,
    registerCertificate: (clientId, der) => {
      const credential = keyCredentialOf(der);
      application(clientId).keyCredentials.push(credential);
      return credential.keyId;
    },
    removeCertificates: (clientId) => {
      application(clientId).keyCredentials = [];
    },
    removeSecrets: (clientId) => {
      application(clientId).passwordCredentials = [];
    },
    requests,
    log,
    clock,
    faults,
    close: () => server.close(),
  };
}

function directoryOf(options: TokenEndpointOptions, now: number): Directory {
  const ids = new Set(options.applications.map(({ tenantId }) => tenantId.toLowerCase()));
  const named = options.tenants ?? [];
  const others = [...ids].filter((id) => !named.some((tenant) => tenant.id === id || tenant.domain === id));
  return {
    users: [],
    tenants: [
      ...named,
      ...others.map((id) => ({
        id,
        kind: 'workforce' as const,
        domain: `${id.slice(0, 8)}.onmicrosoft.com`,
        displayName: 'Contoso',
      })),
    ],
    applications: options.applications.map((application) => ({
      id: randomUUID(),
      appId: application.clientId.toLowerCase(),
      tenantId: application.tenantId.toLowerCase(),
      displayName: 'App under test',
      signInAudience: 'AzureADMyOrg',
      createdDateTime: new Date(now).toISOString(),
      redirectUris: [],
      owners: [],
      servicePrincipalId: randomUUID(),
      appRoles: [],
      tokenEncryptionKeyId: null,
      keyCredentials: (application.certificates ?? []).map((der) => keyCredentialOf(der)),
      passwordCredentials: (application.secrets ?? []).map((secret) =>
        passwordCredentialOf(secret, { start: now - 1000, end: now + aYear }),
      ),
    })),
  };
}
