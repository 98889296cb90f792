import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { startSandbox } from '../../test/sandbox/sandbox.ts';
import { cloudOf, home } from './testing/azure.ts';

/** What extension and lazy.ts do: requires dist/azure.js, and dist/identity.js only when it is needed. */
const program = `
const azure = require('./azure.js');
const { cloud, environment } = JSON.parse(process.env.BUNDLE_TEST);
let loads = 0;
const clock = { now: Date.now, delay: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) };
const parts = azure.createAzure({
  cloud, clock, environment, order: ['vscode', 'environment'], userAgent: 'bundle/1',
  editor: { session: async () => undefined },
  mayRunPrograms: () => true,
  loadIdentity: () => { loads++; return require('./identity.js'); },
});
(async () => {
  const before = loads;
  const { vaults } = await parts.discovery.vaults();
  const names = [];
  for await (const page of parts.vaults.open(vaults.find(({ name }) => name === 'contoso-dev')).list()) {
    names.push(...page.map(({ name }) => name));
  }
  console.log(JSON.stringify({ before, loads, vaults: vaults.length, names }));
})();
`;

describe('the bundles of the azure room', () => {
  let folder: string;
  before(async function () {
    this.timeout(120_000);
    folder = mkdtempSync(path.join(tmpdir(), 'azure-bundle-'));
    await build({
      entryPoints: { azure: 'src/azure/index.ts', identity: 'src/azure/identity.ts' },
      outdir: folder,
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      mainFields: ['module', 'main'],
      alias: { debug: './src/azure/noDebug.ts' },
      legalComments: 'none',
      external: ['open'],
      logLevel: 'error',
      absWorkingDir: path.resolve(import.meta.dirname, '../..'),
    });
  });
  after(() => rmSync(folder, { recursive: true }));

  it('stay within their budget, and the sign-in libraries out of the first one', () => {
    const azure = statSync(path.join(folder, 'azure.js')).size;
    const identity = statSync(path.join(folder, 'identity.js')).size;
    assert.ok(azure + identity <= 600 * 1024, `${azure + identity}`);
    assert.ok(azure <= 230 * 1024, `${azure}`);
  });

  it('work in a process of their own that trusts the CA as Node does, and load what they need when they need it', async function () {
    this.timeout(120_000);
    const sandbox = await startSandbox();
    try {
      writeFileSync(path.join(folder, 'program.cjs'), program);
      writeFileSync(path.join(folder, 'ca.pem'), sandbox.ca.certificatePem);
      const environment = {
        AZURE_TENANT_ID: home,
        AZURE_CLIENT_ID: 'cccccccc-0000-4000-8000-000000000003',
        AZURE_CLIENT_SECRET: sandbox.secrets['sandbox developer'],
      };
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [path.join(folder, 'program.cjs')], {
        env: {
          ...process.env,
          BUNDLE_TEST: JSON.stringify({ cloud: cloudOf(sandbox), environment }),
          NODE_EXTRA_CA_CERTS: path.join(folder, 'ca.pem'),
          NODE_OPTIONS: '',
        },
      });
      assert.equal(stderr, '');
      assert.deepEqual(JSON.parse(stdout), {
        before: 0,
        loads: 1,
        vaults: sandbox.state.vaults.length,
        names: ['local-app'],
      });
    } finally {
      await sandbox.close();
    }
  });
});
