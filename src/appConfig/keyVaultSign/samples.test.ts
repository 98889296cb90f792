import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { realHostEnvironment } from '../../../test/sandbox/realHosts.ts';
import { startSandbox, type Sandbox } from '../../../test/sandbox/sandbox.ts';
import { withFolder } from '../testing/folder.ts';
import {
  copyApp,
  identityEnvironment,
  newestVersion,
  project,
  register,
  rewrite,
  sampleApps,
  seeded,
  signings,
  type SampleApp,
} from '../testing/vaultApps.ts';

const run = promisify(execFile);

const apps: Record<SampleApp, { config: string; module: string; report: string; env: Record<string, string> }> = {
  'external-id-commonjs': {
    config: 'authConfig.js',
    module: 'keyVaultAssertion.js',
    report: 'report.js',
    env: {
      CLIENT_ID: seeded.portal,
      AUTHORITY: `https://customers.ciamlogin.com/${seeded.externalTenant}`,
    },
  },
  'workforce-esm': {
    config: 'src/msalConfig.js',
    module: 'src/keyVaultAssertion.js',
    report: 'jobs/report.js',
    env: { CLIENT_ID: seeded.tool, TENANT_ID: seeded.tenant },
  },
  'workforce-typescript': {
    config: 'src/auth.ts',
    module: 'src/keyVaultAssertion.ts',
    report: 'dist/report.js',
    env: { AZURE_AUTHORITY: `https://login.microsoftonline.com/${seeded.tenant}` },
  },
};

describe('the sample apps, with a key that Key Vault hands to nobody', function () {
  this.timeout(120_000);
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox();
    for (const app of [seeded.tool, seeded.portal]) register(sandbox, app, newestVersion(sandbox).cer);
    // What the tests are about: the vault refuses to export the key.
    assert.equal(sandbox.vault(seeded.vault).certificates[seeded.certificate]?.versions.at(-1)?.exportable, false);
  });
  after(() => sandbox.close());

  for (const name of sampleApps) {
    for (const version of ['2.16.3', '3.8.10', '5.6.0', '7.2.3'] as const) {
      it(`${name} gets a token with msal-node ${version}`, () =>
        withFolder({}, async (folder) => {
          const app = apps[name];
          await copyApp(name, folder, version);
          if (name === 'workforce-typescript') separateIdentities(folder);
          const plan = await rewrite({
            file: join(folder, app.config),
            keyFrom: 'keyVaultSign',
            roots: [folder],
            vault: { origin: seeded.origin, certificate: seeded.certificate, version: newestVersion(sandbox).id },
          });
          const text = readFileSync(join(folder, app.module), 'utf8');
          assert.ok(text.split('\n').length - 1 < 80);
          assert.ok(!readFileSync(join(folder, app.config), 'utf8').includes('clientSecret'));
          assert.deepEqual(
            plan.files.map(({ role }) => role).filter((role) => role === 'module' || role === 'config'),
            ['module', 'config'],
          );
          if (name === 'workforce-typescript')
            await run(process.execPath, [join(project, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', '.'], {
              cwd: folder,
            });
          const before = signings(sandbox);
          const { stdout } = await run(process.execPath, [app.report], {
            cwd: folder,
            env: {
              PATH: process.env.PATH,
              ...realHostEnvironment(sandbox, folder),
              ...identityEnvironment(sandbox),
              ...app.env,
            },
          });
          assert.match(stdout, /Token obtained/);
          assert.equal(signings(sandbox), before + 1);
          const request = sandbox.tokenRequests.findLast(({ client }) => client.startsWith('msal.js.node'));
          assert.ok(request?.proof?.kind === 'assertion');
          assert.equal(request.proof.algorithm, 'PS256');
        }));
    }
  }
});

/** This sample calls its own id AZURE_CLIENT_ID, which is the name of the identity that it runs as; see the plan's warning. */
function separateIdentities(folder: string): void {
  const config = join(folder, 'src', 'auth.ts');
  writeFileSync(config, readFileSync(config, 'utf8').replaceAll('AZURE_CLIENT_ID', 'APP_CLIENT_ID'));
  const env = join(folder, '.env');
  writeFileSync(env, `${readFileSync(env, 'utf8')}APP_CLIENT_ID=${seeded.tool}\n`);
}
