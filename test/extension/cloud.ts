/** A sandbox as the custom cloud of the VS Code that a suite runs in. */
import { chmod, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { connection } from '../sandbox/admin.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import type { Sandbox, SandboxOptions } from '../sandbox/sandbox.ts';
import { keepSecret } from './secrets.ts';

/** People and applications of `test/sandbox/seed/seed.json`. */
export const developer = 'dev@contoso.onmicrosoft.com';
export const reader = 'reader@contoso.onmicrosoft.com';
export const administrator = 'admin@contosocustomers.onmicrosoft.com';
export const workforceTenant = 'aaaaaaaa-0000-4000-8000-000000000001';
export const externalTenant = 'eeeeeeee-0000-4000-8000-000000000002';
export const customerPortal = 'cccccccc-0000-4000-8000-000000000001';
export const internalTool = 'cccccccc-0000-4000-8000-000000000002';
const sandboxDeveloper = 'cccccccc-0000-4000-8000-000000000003';

/** Who signs in: a person through a stand-in of the Azure CLI, the seed's application through environment variables, or nobody. */
export type Identity = { readonly az: string } | 'environment' | 'nobody';

export interface CloudOfSuite {
  readonly sandbox: Sandbox;
  /** Changes who is signed in, as `az login` or a change of the environment would; forgets the tokens of before. */
  signInAs(identity: Identity): Promise<void>;
  /** Gives settings and environment back and stops the sandbox. */
  close(): Promise<void>;
}

const names = ['cloud', 'customCloud', 'signIn.order'] as const;
const variables = [
  'PATH',
  'SANDBOX_CONNECTION',
  'SANDBOX_AZ_USER',
  'AZURE_TENANT_ID',
  'AZURE_CLIENT_ID',
  'AZURE_CLIENT_SECRET',
];

/** Starts a sandbox and points the extension's settings at it. Call `close` in `after`. */
export async function useSandbox(identity: Identity, options: SandboxOptions = {}): Promise<CloudOfSuite> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'ccg-cloud-'));
  const sandbox = await startSandbox(options);
  keepSecret(...Object.values(sandbox.secrets));
  const before = new Map(variables.map((name) => [name, process.env[name]]));
  await writeFile(path.join(folder, 'ca.pem'), sandbox.ca.certificatePem);
  await writeFile(path.join(folder, 'connection.json'), JSON.stringify(connection(sandbox)), { mode: 0o600 });
  await copyFile(path.join(process.env.CCG_PROJECT ?? '', 'test', 'sandbox', 'standIn', 'az'), path.join(folder, 'az'));
  await chmod(path.join(folder, 'az'), 0o755);
  process.env.SANDBOX_CONNECTION = path.join(folder, 'connection.json');
  // The stand-in is a script of this Node.
  process.env.PATH = [folder, path.dirname(process.env.CCG_NODE ?? ''), process.env.PATH].join(path.delimiter);

  const update = async (name: (typeof names)[number], value: unknown) => {
    await vscode.workspace.getConfiguration('clientCertificate').update(name, value, vscode.ConfigurationTarget.Global);
  };
  const signInAs = async (wanted: Identity) => {
    for (const name of variables.slice(2)) Reflect.deleteProperty(process.env, name);
    if (wanted === 'environment') {
      process.env.AZURE_TENANT_ID = workforceTenant;
      process.env.AZURE_CLIENT_ID = sandboxDeveloper;
      process.env.AZURE_CLIENT_SECRET = sandbox.secrets['sandbox developer'];
    } else if (wanted !== 'nobody') process.env.SANDBOX_AZ_USER = wanted.az;
    // A change of the settings forgets the tokens of before, and unlike Sign Out lets the next ones come silently.
    await update('signIn.order', ['deviceCode']);
    await update('signIn.order', wanted === 'environment' ? ['environment'] : ['azureCli']);
  };
  await update('customCloud', {
    login: sandbox.entraOrigin,
    graph: sandbox.graphOrigin,
    resourceManager: sandbox.armOrigin,
    portal: 'https://portal.example',
    keyVaultResource: 'https://vault.azure.net',
    vaults: sandbox.state.vaults.map(({ name }) => sandbox.vaultOrigin(name)),
    certificateFile: path.join(folder, 'ca.pem'),
  });
  await update('cloud', 'custom');
  await signInAs(identity);
  return {
    sandbox,
    signInAs,
    close: async () => {
      for (const name of names) await update(name, undefined);
      for (const [name, value] of before) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
