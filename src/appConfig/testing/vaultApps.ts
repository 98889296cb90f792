/** Sample apps with a vault behind them: packages of real installs, and processes that find the sandbox behind Azure's names. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { applyEdits } from '../../base/edits.ts';
import { nodeFiles } from '../../ui/nodeFiles.ts';
import { keyCredentialOf } from '../../../test/sandbox/entra/directory.ts';
import { realHostEnvironment } from '../../../test/sandbox/realHosts.ts';
import type { Sandbox } from '../../../test/sandbox/sandbox.ts';
import { installedMsal, sampleApps, type MsalVersion, type SampleApp } from '../../../test/host/samples.ts';
import { planRewrite } from '../index.ts';
import type { RewritePlan, RewriteRequest } from '../types.ts';

export const project = join(import.meta.dirname, '..', '..', '..');
/** The Azure packages that a rewritten app has installed beside its own. */
const azurePackages = ['identity', 'keyvault-certificates', 'keyvault-keys', 'keyvault-secrets'];

export { sampleApps, type MsalVersion, type SampleApp };

/** Of the seed: a vault of the workforce tenant, a certificate whose key it hands to nobody, and who may use it. */
export const seeded = {
  vault: 'contoso-web',
  origin: 'https://contoso-web.vault.azure.net',
  certificate: 'locked-app',
  tenant: 'aaaaaaaa-0000-4000-8000-000000000001',
  externalTenant: 'eeeeeeee-0000-4000-8000-000000000002',
  /** Internal Tool (workforce) and Customer Portal (External ID). */
  tool: 'cccccccc-0000-4000-8000-000000000002',
  portal: 'cccccccc-0000-4000-8000-000000000001',
} as const;

/** The newest version of a certificate of the seed. */
export function newestVersion(sandbox: Sandbox, name: string = seeded.certificate): { id: string; cer: Buffer } {
  const version = sandbox.vault(seeded.vault).certificates[name]?.versions.at(-1);
  if (version === undefined) throw new Error(`The sandbox knows no certificate ${name}.`);
  return { id: version.id, cer: Buffer.from(version.cer, 'base64') };
}

/** Adds the public certificate to an app registration, usable at once. */
export function register(sandbox: Sandbox, appId: string, cer: Uint8Array): void {
  const application = sandbox.state.directory.applications.find((one) => one.appId === appId);
  if (application === undefined) throw new Error(`The sandbox knows no application ${appId}.`);
  application.keyCredentials.push(keyCredentialOf(cer));
}

/** Environment of a process that runs as an identity which may use the vault. */
export function identityEnvironment(sandbox: Sandbox): Record<string, string> {
  return {
    AZURE_TENANT_ID: seeded.tenant,
    AZURE_CLIENT_ID: 'cccccccc-0000-4000-8000-000000000003',
    AZURE_CLIENT_SECRET: sandbox.secrets['sandbox developer'] ?? '',
  };
}

/** `node_modules` of an app: what its lock file names with that msal-node, and the Azure packages of this repository. */
export async function installPackages(folder: string, version: MsalVersion): Promise<void> {
  const installed = await installedMsal(version);
  const target = join(folder, 'node_modules');
  rmSync(target, { recursive: true, force: true });
  const scopes = ['@azure', '@types'];
  const link = (from: string, name: string) => {
    symlinkSync(join(from, name), join(target, name), 'junction');
  };
  for (const scope of scopes) mkdirSync(join(target, scope), { recursive: true });
  for (const name of readdirSync(installed)) {
    if (!name.startsWith('.') && !scopes.includes(name)) link(installed, name);
  }
  for (const scope of scopes) {
    for (const name of readdirSync(join(installed, scope))) link(installed, join(scope, name));
  }
  for (const name of azurePackages) link(join(project, 'node_modules'), join('@azure', name));
  for (const name of ['node-forge', join('@types', 'node-forge')]) link(join(project, 'node_modules'), name);
}

/** A sample app as its developer has it, in `folder`. */
export async function copyApp(app: SampleApp, folder: string, version: MsalVersion): Promise<void> {
  cpSync(join(project, 'test', 'workspaces', app), folder, { recursive: true });
  cpSync(join(folder, 'env.sample'), join(folder, '.env'));
  const manifest = join(folder, 'package.json');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/("@azure\/msal-node": )"[^"]*"/, `$1"${version}"`));
  await installPackages(folder, version);
}

/** Plans the rewrite and writes it to disk, as apply does. */
export async function rewrite(
  request: Omit<RewriteRequest, 'thumbprintSha256' | 'thumbprintSha1'> &
    Partial<Pick<RewriteRequest, 'thumbprintSha256' | 'thumbprintSha1'>>,
): Promise<RewritePlan & { status: 'rewrite' }> {
  const plan = await planRewrite(
    { thumbprintSha256: 'AB'.repeat(32), thumbprintSha1: 'CD'.repeat(20), ...request },
    nodeFiles,
  );
  if (plan.status !== 'rewrite') throw new Error(plan.reason);
  for (const { path, before, edits } of plan.files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, applyEdits(before ?? '', edits));
  }
  return plan;
}

export interface TokenAnswer {
  readonly tokens: number;
  /** Message of each failed request, with those of its causes. */
  readonly errors: readonly (readonly string[])[];
  /** Milliseconds for all of them. */
  readonly took: number;
}

/** An app in a process of its own that asks for tokens on demand. */
export interface RunningApp {
  /** Asks `count` times, all at once or one after the other; never from MSAL's own cache unless `cached`. */
  tokens(options?: { count?: number; together?: boolean; cached?: boolean }): Promise<TokenAnswer>;
  /** Moves the app's clock; move the sandbox's too. */
  moveClock(seconds: number): Promise<void>;
  /** The app's own time limits end after so many milliseconds at most; undefined: as they are. */
  limitTimeouts(milliseconds: number | undefined): Promise<void>;
  close(): Promise<void>;
}

const driver = `
const get = (error) => (error instanceof Error ? [error.message, ...get(error.cause)] : []);
process.on('message', async ({ seconds, limit, count, together, cached }) => {
  if (limit !== undefined) {
    globalThis.limitTimeouts(limit ?? Infinity);
    return process.send({});
  }
  if (seconds !== undefined) {
    globalThis.moveClock(seconds);
    return process.send({});
  }
  const { ConfidentialClientApplication } = await import('@azure/msal-node');
  const { msalConfig } = await import(process.argv[2]);
  globalThis.client ??= new ConfidentialClientApplication(msalConfig);
  const errors = [];
  let tokens = 0;
  const ask = () =>
    globalThis.client
      .acquireTokenByClientCredential({ scopes: ['https://graph.microsoft.com/.default'], skipCache: !cached })
      .then(() => tokens++, (error) => errors.push(get(error)));
  const started = performance.now();
  if (together) await Promise.all(Array.from({ length: count }, ask));
  else for (let i = 0; i < count; i++) await ask();
  process.send({ tokens, errors, took: performance.now() - started });
});
`;

/** @param module specifier of the file that exports `msalConfig`, relative to `folder` */
export function startApp(
  sandbox: Sandbox,
  folder: string,
  module: string,
  options: { env?: Record<string, string> } = {},
): RunningApp {
  const script = join(folder, 'driver.mjs');
  writeFileSync(script, driver);
  const child: ChildProcess = fork(script, [module], {
    cwd: folder,
    execArgv: [],
    env: {
      PATH: process.env.PATH,
      ...realHostEnvironment(sandbox, folder),
      ...identityEnvironment(sandbox),
      ...options.env,
    },
  });
  const exited = once(child, 'exit');
  const gone = exited.then(() => {
    throw new Error('The app ended.');
  });
  // Looked at only while something is asked.
  gone.catch(() => undefined);
  const ask = async (message: object): Promise<unknown> => {
    child.send(message);
    const [answer] = (await Promise.race([once(child, 'message'), gone])) as [unknown];
    return answer;
  };
  return {
    tokens: async ({ count = 1, together = false, cached = false } = {}) =>
      (await ask({ count, together, cached })) as TokenAnswer,
    moveClock: async (seconds) => {
      await ask({ seconds });
    },
    limitTimeouts: async (milliseconds) => {
      await ask({ limit: milliseconds ?? null });
    },
    close: async () => {
      if (child.exitCode !== null) return;
      child.kill();
      await exited;
    },
  };
}

/** Signatures that the vault was asked for, and answered with `status`. */
export function signings(sandbox: Sandbox, status = 200): number {
  return sandbox.log.filter((entry) => entry.path.endsWith('/sign') && entry.authorized && entry.status === status)
    .length;
}
