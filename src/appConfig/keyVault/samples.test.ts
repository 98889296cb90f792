import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { realHostEnvironment } from '../../../test/sandbox/realHosts.ts';
import { startSandbox, type Sandbox } from '../../../test/sandbox/sandbox.ts';
import { checkApp } from '../../diagnosis/checkApp.ts';
import type { Finding } from '../../diagnosis/types.ts';
import { withFolder } from '../testing/folder.ts';
import { nodeFiles } from '../../ui/nodeFiles.ts';
import { findAppConfigs, planRewrite, readAppConfigs } from '../index.ts';
import {
  copyApp,
  installPackages,
  identityEnvironment,
  newestVersion,
  project,
  register,
  rewrite,
  seeded,
  type MsalVersion,
  type SampleApp,
} from '../testing/vaultApps.ts';

const run = promisify(execFile);

interface App {
  readonly sample: SampleApp;
  readonly config: string;
  readonly report: string;
  readonly env: Record<string, string>;
  /** Files of the app that change, beside the config. */
  readonly waiting: readonly string[];
  /** Makes another app of the sample. */
  readonly prepare?: (folder: string) => void;
}

const typescript = {
  sample: 'workforce-typescript',
  config: 'src/auth.ts',
  report: 'dist/report.js',
  env: { AZURE_AUTHORITY: `https://login.microsoftonline.com/${seeded.tenant}` },
} as const;

const apps: Record<string, App> = {
  'CommonJS in JavaScript': {
    sample: 'external-id-commonjs',
    config: 'authConfig.js',
    report: 'report.js',
    env: { CLIENT_ID: seeded.portal, AUTHORITY: `https://customers.ciamlogin.com/${seeded.externalTenant}` },
    waiting: ['auth/AuthProvider.js', 'report.js'],
  },
  'ES modules in JavaScript': {
    sample: 'workforce-esm',
    config: 'src/msalConfig.js',
    report: 'jobs/report.js',
    env: { CLIENT_ID: seeded.tool, TENANT_ID: seeded.tenant },
    waiting: [],
  },
  'CommonJS in TypeScript': { ...typescript, waiting: ['src/report.ts', 'src/server.ts'], prepare: separateIdentities },
  'ES modules in TypeScript': {
    ...typescript,
    waiting: [],
    prepare: (folder) => {
      separateIdentities(folder);
      edit(folder, 'package.json', (text) => text.replace('"private": true', '"private": true, "type": "module"'));
      for (const file of ['src/report.ts', 'src/server.ts'])
        edit(folder, file, (text) => text.replace("'./auth'", "'./auth.js'"));
    },
  },
};

const versions: readonly MsalVersion[] = ['1.18.4', '2.16.3', '3.8.10', '7.2.3'];

describe('apps that fetch certificate and key from Key Vault', function () {
  this.timeout(120_000);
  let sandbox: Sandbox;
  const certificates = ['ciam-client-app', 'pem-app'] as const;
  before(async () => {
    sandbox = await startSandbox();
    for (const app of [seeded.tool, seeded.portal])
      for (const name of certificates) register(sandbox, app, newestVersion(sandbox, name).cer);
  });
  after(() => sandbox.close());

  /** What the app's developer does: compile it where it is TypeScript, then run it. */
  async function report(folder: string, app: App, env: Record<string, string> = {}): Promise<string> {
    if (existsSync(join(folder, 'tsconfig.json'))) {
      const tsc = join(project, 'node_modules', 'typescript', 'bin', 'tsc');
      await run(process.execPath, [tsc, '--strict', '-p', '.'], { cwd: folder });
    }
    const { stdout } = await run(process.execPath, [app.report], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        ...realHostEnvironment(sandbox, folder),
        ...identityEnvironment(sandbox),
        ...app.env,
        ...env,
      },
    });
    return stdout;
  }

  for (const [kind, app] of Object.entries(apps)) {
    for (const version of versions) {
      // PEM content and "latest" once per kind of app; they are no matter of msal-node.
      const pem = version === '7.2.3';
      for (const certificate of pem ? certificates : (['ciam-client-app'] as const)) {
        it(`${kind} get a token with msal-node ${version} and ${certificate}`, () =>
          withFolder({}, async (folder) => {
            await copyApp(app.sample, folder, version);
            app.prepare?.(folder);
            const file = join(folder, app.config);
            const vaultVersion = certificate === 'pem-app' ? 'latest' : newestVersion(sandbox, certificate).id;
            const vault = { origin: seeded.origin, certificate, version: vaultVersion };
            const [before] = await readAppConfigs(file, nodeFiles, [folder]);
            assert.ok(before);
            const plan = await rewrite({ file, keyFrom: 'keyVault', roots: [folder], vault });
            assert.deepEqual(
              plan.files.filter(({ role }) => role === 'config').map(({ path }) => path.slice(folder.length + 1)),
              [...app.waiting, app.config],
            );
            const started = sandbox.tokenRequests.length;
            assert.match(await report(folder, app), /Token obtained, valid until \d{4}-/);
            const proof = sandbox.tokenRequests
              .slice(started)
              .findLast(({ client }) => client.startsWith('msal.js.node'))?.proof;
            assert.ok(proof?.kind === 'assertion');
            assert.equal(proof.algorithm, version === '1.18.4' ? 'RS256' : 'PS256');
            await assertDone(folder, file, vault, checkApp(before));
          }));
      }
    }
  }

  it('a web app that builds its client while it is loaded takes requests when the certificate is there', () =>
    withFolder({}, async (folder) => {
      cpSync(join(import.meta.dirname, 'goldens', 'cjs-auth-code-sample', 'app'), folder, { recursive: true });
      edit(folder, '.env', (text) => text.replace(/CLIENT_ID=.*/, `CLIENT_ID=${seeded.tool}`));
      await installPackages(folder, '7.2.3');
      await rewrite({
        file: join(folder, 'index.js'),
        keyFrom: 'keyVault',
        roots: [folder],
        vault: { origin: seeded.origin, certificate: 'ciam-client-app', version: 'latest' },
      });
      // Long enough that a client which does not wait would be used before it is there.
      sandbox.faults.add({ surface: 'vault', kind: 'latency', milliseconds: 300, times: 1 });
      const port = await freePort();
      const child = spawn(process.execPath, ['index.js'], {
        cwd: folder,
        env: {
          PATH: process.env.PATH,
          ...realHostEnvironment(sandbox, folder),
          ...identityEnvironment(sandbox),
          PORT: String(port),
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      try {
        const [said] = (await once(child.stdout, 'data')) as [Buffer];
        assert.match(said.toString(), /listening on port/);
        const answer = await fetch(`http://localhost:${port}/`, { redirect: 'manual' });
        assert.equal(answer.status, 302);
        const target = new URL(answer.headers.get('location') ?? '');
        assert.equal(target.searchParams.get('client_id'), seeded.tool);
      } finally {
        child.kill();
        await once(child, 'exit');
      }
    }));
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The config counts as one with a certificate, which gives no cause for a remark; a second run has nothing to do. */
async function assertDone(
  folder: string,
  file: string,
  vault: { origin: string; certificate: string; version: string },
  remarksBefore: readonly Finding[],
): Promise<void> {
  const found = await findAppConfigs([folder], nodeFiles);
  assert.deepEqual(
    found.map((each) => [each.file, each.credential]),
    [[file, 'certificate']],
  );
  const [config] = await readAppConfigs(file, nodeFiles, [folder]);
  assert.ok(config);
  assert.deepEqual(config, found[0]);
  const { keyFrom, origin, certificate, version } = config.vault ?? {};
  assert.deepEqual(
    { keyFrom, origin: origin?.value, certificate: certificate?.value, version: version?.value },
    { keyFrom: 'keyVault', ...vault },
  );
  const known = remarksBefore.map(({ code }) => code);
  assert.deepEqual(
    checkApp(config).filter(({ code }) => !known.includes(code)),
    [],
  );
  const again = await planRewrite(
    { file, keyFrom: 'keyVault', thumbprintSha256: '', thumbprintSha1: '', roots: [folder], vault },
    nodeFiles,
  );
  assert.equal(again.status, 'nothing-to-do');
}

/** This sample calls its own id AZURE_CLIENT_ID, which is the name of the identity that it runs as; see the plan's warning. */
function separateIdentities(folder: string): void {
  edit(folder, 'src/auth.ts', (text) => text.replaceAll('AZURE_CLIENT_ID', 'APP_CLIENT_ID'));
  edit(folder, '.env', (text) => `${text}APP_CLIENT_ID=${seeded.tool}\n`);
}

function edit(folder: string, name: string, change: (text: string) => string): void {
  const path = join(folder, name);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}
