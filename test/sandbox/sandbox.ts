/**
 * Azure on loopback: Entra, Key Vault (one port per vault), Resource Manager and Graph in one process over HTTPS with a
 * CA of its own. For the extension it is just a custom cloud.
 */
import { createTestCa } from './ca.ts';
import type { TestCa } from './ca.ts';
import { createAdmin } from './admin.ts';
import { createArm } from './arm/arm.ts';
import { createClock } from './clock.ts';
import type { SandboxClock } from './clock.ts';
import { findTenant } from './entra/directory.ts';
import type { Application, User } from './entra/directory.ts';
import { createEntra } from './entra/entra.ts';
import type { TokenRequest } from './entra/entra.ts';
import { createTokenIssuer } from './entra/tokens.ts';
import { createUserFlows, userAccessToken } from './entra/users.ts';
import { createGraph } from './graph/graph.ts';
import { createReplicas } from './graph/replicas.ts';
import { createGraphSettings } from './graph/settings.ts';
import type { GraphSettings } from './graph/settings.ts';
import type { Handler } from './http/exchange.ts';
import { createFaults } from './http/faults.ts';
import type { Faults, Surface } from './http/faults.ts';
import { startServer } from './http/server.ts';
import type { LogEntry, RunningServer, TlsMode } from './http/server.ts';
import { createResources } from './resources.ts';
import { buildState, openAuthority } from './seed/build.ts';
import { readSeed } from './seed/seed.ts';
import type { Seed, SeedVault } from './seed/seed.ts';
import { buildVault } from './seed/vaults.ts';
import { readState, writeState } from './state.ts';
import type { SandboxState } from './state.ts';
import { createKeySource } from './vault/keys.ts';
import type { Vault } from './vault/model.ts';
import { createVault } from './vault/vault.ts';

export interface SandboxOptions {
  /** Default: `seed/seed.json`. */
  readonly seed?: Seed;
  /** Where the state is kept. What stands there wins over the seed; every change is written. */
  readonly stateFile?: string;
  readonly ca?: TestCa;
  /** Values for the seed's secrets by display name. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Port of Entra; Resource Manager, Graph, admin and the vaults follow. Free ports unless given. */
  readonly firstPort?: number;
  /** True for a program that does nothing else: its servers keep the process alive. */
  readonly keepsProcessAlive?: boolean;
  /** Different RSA keys of one size; default 2. */
  readonly keysPerKind?: number;
}

export interface Sandbox {
  readonly ca: TestCa;
  readonly clock: SandboxClock;
  readonly faults: Faults;
  readonly state: SandboxState;
  /** Every request that was answered or cut, in order. */
  readonly log: LogEntry[];
  readonly tokenRequests: TokenRequest[];
  readonly entraOrigin: string;
  readonly armOrigin: string;
  readonly graphOrigin: string;
  readonly adminOrigin: string;
  /** Bearer token of the admin endpoint. */
  readonly adminToken: string;
  /** Values of the seed's secrets by display name; empty for a state that was read from a file. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly graph: GraphSettings;
  /** What another administrator writes through a door of their own: reads are behind on it as on any write. */
  writeElsewhere(application: Application, write: () => void): void;
  /** Subscriptions whose vaults may not be listed. */
  readonly closedSubscriptions: Set<string>;
  /** `https://localhost:PORT` of a vault, without a trailing slash. */
  vaultOrigin(name: string): string;
  vault(name: string): Vault;
  /** Adds a vault and starts its server. */
  addVault(seed: SeedVault): Promise<string>;
  /** A user's token as a real sign-in would give it; `user` by id or user principal name, `tenant` by id or domain. */
  userToken(request: { user: string; tenant?: string; clientId?: string; resource: string; lifetime?: number }): string;
  /** Who signs in at the sign-in page without being asked; undefined: the page lists the users. */
  setCurrentUser(user: string | undefined): void;
  setTls(mode: TlsMode, surface: Surface, vault?: string): void;
  save(): void;
  close(): Promise<void>;
}

const azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';

/** Starts all surfaces on 127.0.0.1. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const ca = options.ca ?? createTestCa();
  const clock = createClock();
  const faults = createFaults();
  const keys = createKeySource(options.keysPerKind);
  const read = options.stateFile === undefined ? undefined : readState(options.stateFile);
  const built = read === undefined ? buildState(options.seed ?? readSeed(), clock, keys, options.secrets) : undefined;
  const state = read ?? built?.state;
  if (state === undefined) throw new Error('unreachable: a state is read or built');
  const issuer = createTokenIssuer();
  const log: LogEntry[] = [];
  const tokenRequests: TokenRequest[] = [];
  const servers = new Map<string, RunningServer>();
  const closedSubscriptions = new Set<string>();
  const graph = createGraphSettings();
  const replicas = createReplicas(graph, clock);
  let currentUser: User | undefined;
  let port = options.firstPort ?? 0;

  const save = (): void => {
    if (options.stateFile !== undefined) writeState(options.stateFile, state);
  };
  const origin = (name: string): string => servers.get(name)?.origin ?? '';
  const entraOrigin = (): string => origin('entra');
  const start = async (surface: Surface, handle: Handler, vault?: string): Promise<RunningServer> => {
    const server = await startServer({
      surface,
      ...(vault === undefined ? {} : { vault }),
      ca,
      handle,
      faults,
      port,
      keepsProcessAlive: options.keepsProcessAlive ?? false,
      log: (entry) => log.push(entry),
    });
    if (port !== 0) port += 1;
    servers.set(vault === undefined ? surface : `vault ${vault}`, server);
    return server;
  };
  const resources = createResources(() => ({ arm: origin('arm'), graph: origin('graph') }));
  const findUser = (name: string): User => {
    const found = state.directory.users.find(({ id, userPrincipalName }) => id === name || userPrincipalName === name);
    if (found === undefined) throw new Error(`The sandbox knows no user ${name}.`);
    return found;
  };
  const users = {
    directory: state.directory,
    issuer,
    clock,
    resourceKind: resources.kind,
    currentUser: () => currentUser,
  };
  const startVault = async (vault: Vault): Promise<string> => {
    const handle = createVault(vault, {
      issuer,
      clock,
      keys,
      resource: 'https://vault.azure.net',
      entraOrigin,
      authority: openAuthority(state.authority),
      changed: save,
    });
    return (await start('vault', handle, vault.name)).origin;
  };
  const vaultOrigin = (name: string): string => {
    const found = servers.get(`vault ${name}`);
    if (found === undefined) throw new Error(`The sandbox knows no vault ${name}.`);
    return found.origin;
  };

  const userFlows = createUserFlows(users);
  const knowsResource = (resource: string): boolean =>
    resources.kind(resource) !== undefined || isOwnApi(resource, state);
  const directory = state.directory;
  await start(
    'entra',
    createEntra({ directory, issuer, clock, knowsResource, log: (entry) => tokenRequests.push(entry), userFlows }),
  );
  await start(
    'arm',
    createArm({
      state,
      issuer,
      clock,
      audiences: () => resources.audiences('arm'),
      entraOrigin,
      vaultUri: ({ name }) => `${vaultOrigin(name)}/`,
      closedSubscriptions,
    }),
  );
  await start(
    'graph',
    createGraph({
      directory,
      issuer,
      clock,
      audiences: () => resources.audiences('graph'),
      settings: graph,
      replicas,
      changed: save,
    }),
  );
  const sandbox: Sandbox = {
    ca,
    clock,
    faults,
    state,
    log,
    tokenRequests,
    entraOrigin: origin('entra'),
    armOrigin: origin('arm'),
    graphOrigin: origin('graph'),
    get adminOrigin() {
      return origin('admin');
    },
    adminToken: crypto.randomUUID(),
    secrets: built?.secrets ?? {},
    graph,
    writeElsewhere: (application, write) => {
      replicas.remember(application);
      write();
    },
    closedSubscriptions,
    vaultOrigin,
    vault: (name) => {
      const found = state.vaults.find((vault) => vault.name === name);
      if (found === undefined) throw new Error(`The sandbox knows no vault ${name}.`);
      return found;
    },
    addVault: async (seed) => {
      const subscription = state.subscriptions.find(({ id }) => id === seed.subscriptionId);
      const ground = { now: clock.seconds(), keys, authority: openAuthority(state.authority) };
      const vault = buildVault(seed, subscription?.tenantId ?? '', ground);
      state.vaults.push(vault);
      save();
      return startVault(vault);
    },
    userToken: ({ user, tenant, clientId, resource, lifetime }) => {
      const found = findUser(user);
      const home = findTenant(directory, tenant ?? found.tenantId);
      if (home === undefined) throw new Error(`The sandbox knows no tenant ${tenant ?? ''}.`);
      const request = { user: found, tenant: home, clientId: clientId ?? azureCli, resource };
      return userAccessToken({ ...request, ...(lifetime === undefined ? {} : { lifetime }) }, users);
    },
    setCurrentUser: (user) => {
      currentUser = user === undefined ? undefined : findUser(user);
    },
    setTls: (mode, surface, vault) => {
      const served = certificateFor(mode, ca);
      for (const [name, server] of servers) {
        if (vault === undefined ? name.split(' ')[0] === surface : name === `vault ${vault}`) server.setTls(served);
      }
    },
    save,
    close: async () => {
      await Promise.all([...servers.values()].map((server) => server.close()));
    },
  };
  await start('admin', createAdmin(sandbox));
  for (const vault of state.vaults) await startVault(vault);
  save();
  return sandbox;
}

/** An app may ask for tokens for itself and for other apps' APIs. */
function isOwnApi(resource: string, { directory }: SandboxState): boolean {
  return directory.applications.some(({ appId }) => resource === appId || resource === `api://${appId}`);
}

function certificateFor(mode: TlsMode, ca: TestCa): TestCa['server'] {
  if (mode === 'trusted') return ca.server;
  if (mode === 'untrusted') return createTestCa().server;
  if (mode === 'wrongName') return ca.serverFor({ dnsNames: ['elsewhere.example'] });
  return ca.serverFor({ dnsNames: ['localhost'], notBefore: 1_600_000_000, notAfter: 1_600_086_400 });
}
