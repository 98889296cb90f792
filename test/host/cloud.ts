/** A sandbox as the custom cloud of a VS Code that is started from outside: by `npm start` and by workbench suites. */
import { copyFile, chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { connection } from '../sandbox/admin.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import type { Sandbox, SandboxOptions } from '../sandbox/sandbox.ts';
import { projectRoot } from './cache.ts';

export interface Cloud {
  readonly sandbox: Sandbox;
  /** Settings that make it the extension's cloud, with a stand-in of the Azure CLI to sign in through. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Environment of VS Code; apps that are started in its terminals trust the sandbox too. */
  readonly env: Readonly<Record<string, string>>;
  /** Logs somebody in to the stand-in of the Azure CLI, or nobody; in force with the next token. */
  logIn(user: string | undefined): Promise<void>;
  close(): Promise<void>;
}

/** The seed's developer, who owns the app registrations of the sample apps. */
export const developer = 'dev@contoso.onmicrosoft.com';

/**
 * Starts a sandbox.
 * @param folder temporary folder for its CA, its connection and the stand-in; the caller removes it
 */
export async function startCloud(folder: string, options: SandboxOptions = {}): Promise<Cloud> {
  const sandbox = await startSandbox(options);
  const bin = path.join(folder, 'bin');
  const ca = path.join(folder, 'ca.pem');
  const connectionFile = path.join(folder, 'connection.json');
  const userFile = path.join(folder, 'az-user');
  await mkdir(bin, { recursive: true });
  await writeFile(ca, sandbox.ca.certificatePem);
  await writeFile(connectionFile, JSON.stringify(connection(sandbox)), { mode: 0o600 });
  await copyFile(path.join(projectRoot, 'test', 'sandbox', 'standIn', 'az'), path.join(bin, 'az'));
  await chmod(path.join(bin, 'az'), 0o755);
  const logIn = (user: string | undefined): Promise<void> => writeFile(userFile, user ?? '');
  await logIn(developer);
  return {
    sandbox,
    settings: {
      'clientCertificate.cloud': 'custom',
      'clientCertificate.customCloud': {
        login: sandbox.entraOrigin,
        graph: sandbox.graphOrigin,
        resourceManager: sandbox.armOrigin,
        portal: 'https://portal.example',
        keyVaultResource: 'https://vault.azure.net',
        vaults: sandbox.state.vaults.map(({ name }) => sandbox.vaultOrigin(name)),
        certificateFile: ca,
      },
      'clientCertificate.signIn.order': ['azureCli'],
    },
    env: {
      PATH: [bin, path.dirname(process.execPath), process.env.PATH].join(path.delimiter),
      SANDBOX_CONNECTION: connectionFile,
      SANDBOX_AZ_USER_FILE: userFile,
      NODE_EXTRA_CA_CERTS: ca,
    },
    logIn,
    close: () => sandbox.close(),
  };
}

/** Name of an app registration of the seed, with the display name of the secret that its app uses. */
const registrations = {
  externalId: { name: 'Customer Portal', secret: 'portal secret' },
  workforce: { name: 'Internal Tool', secret: 'tool secret' },
} as const;

/** Puts an app registration of the sandbox and its secret into the `.env` of a copied sample app. */
export async function connectSample(app: string, cloud: Cloud, kind: keyof typeof registrations): Promise<void> {
  const { sandbox } = cloud;
  const { name, secret } = registrations[kind];
  const found = sandbox.state.directory.applications.find(({ displayName }) => displayName === name);
  if (found === undefined) throw new Error(`The seed has no application ${name}.`);
  const values: Record<string, string> = {
    CLIENT_ID: found.appId,
    TENANT_ID: found.tenantId,
    CLIENT_SECRET: sandbox.secrets[secret] ?? '',
    AUTHORITY: `${sandbox.entraOrigin}/${found.tenantId}/`,
    KNOWN_AUTHORITY: new URL(sandbox.entraOrigin).host,
  };
  const file = path.join(app, '.env');
  let text = await readFile(file, 'utf8');
  for (const [variable, value] of Object.entries(values)) {
    const line = new RegExp(`^${variable}=.*$`, 'm');
    const entry = `${variable}=${value}`;
    text = line.test(text) ? text.replace(line, () => entry) : `${text.trimEnd()}\n${entry}\n`;
  }
  await writeFile(file, text);
}
