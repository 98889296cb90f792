/** The setup room with the real certificates and appConfig rooms, on real files. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isExpectedError } from '../base/errors.ts';
import * as appConfigs from '../appConfig/index.ts';
import * as certificates from '../certificates/index.ts';
import type { CredentialMaterial } from '../certificates/types.ts';
import { applySetup, describePlan, planSetup, resumeSetup, undoSetup } from './index.ts';
import type { ResumeTools, SetupPorts } from './ports.ts';
import { appAt, clock, literalSecret, makePorts, sampleVault, snapshot } from './testing/sampleApp.ts';
import type { SetupChoices } from './types.ts';

const imports = `const { ConfidentialClientApplication } = require('@azure/msal-node');\n`;
const authority = `authority: 'https://login.microsoftonline.com/99999999-2222-3333-4444-555555555555'`;
const config = (secret: string) =>
  `${imports}const config = {\n  auth: {\n    clientId: '11111111-2222-3333-4444-555555555555',\n    ${authority},\n    clientSecret: ${secret},\n  },\n};\nmodule.exports = new ConfidentialClientApplication(config);\n`;

const withoutVariables = 'literal secret, nothing else';
const apps: Record<string, Record<string, string>> = {
  [withoutVariables]: { 'auth.js': config(`'${literalSecret}'`) },
  'literal secret, a .env that is loaded': {
    'auth.js': `require('dotenv').config();\n${config(`'${literalSecret}'`)}`,
  },
  'secret from .env': {
    'auth.js': `require('dotenv').config();\n${config('process.env.CLIENT_SECRET')}`,
    '.env': `PORT=3000\r\nCLIENT_SECRET=${literalSecret}\r\nOTHER=1`,
    '.env.example': 'CLIENT_SECRET=\n',
    '.gitignore': 'node_modules\n.env\n',
  },
  'fall-back literal': {
    'auth.js': `require('dotenv').config();\n${config(`process.env.CLIENT_SECRET || '${literalSecret}'`)}`,
    '.env': 'PORT=3000\n',
  },
};

describe('setup with the real rooms', function () {
  this.timeout(60_000);
  let base: string;
  let root: string;
  let file: string;
  let ports: SetupPorts;
  let tools: ResumeTools;
  let material: CredentialMaterial;

  before(async () => {
    material = await certificates.selfSigned({ subject: 'CN=my app, O=Contoso', validityDays: 90 });
  });

  function make(files: Record<string, string>): void {
    base = mkdtempSync(join(tmpdir(), 'ccg-whole-'));
    root = join(base, 'app');
    file = join(root, 'auth.js');
    mkdirSync(root);
    const dependencies = { '@azure/msal-node': '^3.8.0', dotenv: '^17.0.0' };
    writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'app', dependencies }));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
    execFileSync('git', ['init', '-q', root]);
    ports = makePorts(appAt(base));
    tools = { certificates, appConfigs, files: ports.files, clock };
  }
  /** What the vault kinds need, so that nothing is to be installed. */
  function addPackages(): void {
    const path = join(root, 'package.json');
    const { name, dependencies } = JSON.parse(readFileSync(path, 'utf8')) as { name: string; dependencies: object };
    const more = {
      '@azure/identity': '^4.13.0',
      '@azure/keyvault-certificates': '^4.10.0',
      '@azure/keyvault-secrets': '^4.10.0',
      'node-forge': '^1.3.1',
    };
    writeFileSync(path, JSON.stringify({ name, dependencies: { ...dependencies, ...more } }));
  }
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  async function plan(more: Partial<SetupChoices>) {
    const [found] = await appConfigs.readAppConfigs(file, ports.files, [root]);
    assert.ok(found);
    const choices = {
      config: found,
      material,
      keyFrom: 'file',
      passphrase: 'generate',
      roots: [root],
      ...more,
    } as const;
    return planSetup(choices, tools);
  }

  async function setUp(more: Partial<SetupChoices>) {
    const planned = await plan(more);
    assert.equal(planned.status, 'plan');
    return { plan: planned.plan, result: await applySetup(planned.plan, ports) };
  }

  /** No secret of the plan lies in global storage or in the printed plan. */
  function assertNoSecrets(made: Awaited<ReturnType<typeof setUp>>): void {
    const texts = [
      ...Object.values(snapshot(join(base, 'storage'))),
      JSON.stringify(describePlan(made.plan)),
      JSON.stringify(made.result),
    ];
    const key = made.plan.files.find(({ role }) => role === 'privateKey')?.bytes;
    const line = key === undefined ? [] : [Buffer.from(key).toString().split('\n')[2] ?? ''];
    for (const secret of [...made.plan.secrets, literalSecret, ...line])
      for (const text of texts) assert.ok(!text.includes(secret), `found ${secret.slice(0, 5)}…`);
  }

  for (const [name, files] of Object.entries(apps)) {
    for (const [kind, more] of [
      ['encrypted key file', { keyFrom: 'file', passphrase: 'generate' }],
      ['typed pass phrase', { keyFrom: 'file', passphrase: `it's "quoted" \\ #1 $HOME` }],
      ['plain key file', { keyFrom: 'file', passphrase: 'none' }],
      ['environment', { keyFrom: 'environment', passphrase: 'none' }],
    ] as const) {
      it(`${name}, ${kind}: applied, seen as done, undone`, async () => {
        make(files);
        const before = snapshot(root);
        if (name === withoutVariables && kind !== 'plain key file') {
          // Nothing would bring it the variable, so that it would not start.
          await assert.rejects(setUp(more), (error) => isExpectedError(error) && error.code === 'nothing-loads-env');
          assert.deepEqual(snapshot(root), before);
          return;
        }
        const made = await setUp(more);
        assertNoSecrets(made);
        const text = readFileSync(file, 'utf8');
        assert.match(text, /clientCertificate/);
        assert.ok(!text.includes(literalSecret));
        // The secret is never lost before it is retired.
        assert.ok(readFileSync(join(root, '.env'), 'utf8').includes(literalSecret));
        if (made.result.files.privateKey !== undefined && more.passphrase !== 'generate') {
          const passphrase = more.passphrase === 'none' ? undefined : more.passphrase;
          createPrivateKey({ key: readFileSync(made.result.files.privateKey), passphrase });
        }
        const status = execFileSync('git', ['-C', root, 'status', '--porcelain', '-uall'], { encoding: 'utf8' });
        assert.doesNotMatch(status, /certs\/|\.env$|\.key|ccg-tmp/m);
        assert.equal((await plan(more)).status, 'nothing-to-do');
        await undoSetup(file, ports);
        assert.deepEqual(snapshot(root), before);
      });
    }

    it(`${name}, in the vault: applied without any key, stopped, resumed, undone`, async () => {
      // CommonJS cannot wait for a vault while it is loaded.
      const client = 'new ConfidentialClientApplication(config)';
      const waiting = (files['auth.js'] ?? '').replace(client, `async () => ${client}`);
      make({ ...files, 'auth.js': waiting });
      addPackages();
      const before = snapshot(root);
      const { privateKeyPkcs8, ...publicMaterial } = material;
      assert.ok(privateKeyPkcs8.length > 0);
      for (const rewriteNow of [true, false]) {
        const made = await setUp({ keyFrom: 'keyVault', material: publicMaterial, vault: sampleVault, rewriteNow });
        assert.deepEqual(made.result.vault, sampleVault);
        assert.deepEqual(Object.keys(made.result.files), ['certificate']);
        assertNoSecrets(made);
        if (!rewriteNow) {
          assert.ok(!readFileSync(file, 'utf8').includes('clientCertificate'));
          await resumeSetup(file, tools, ports);
        }
        assert.match(readFileSync(file, 'utf8'), /clientCertificate/);
        for (const [path, content] of Object.entries(snapshot(root)))
          if (path !== 'certs/my-app.crt' && !path.startsWith('keyVaultCertificate'))
            assert.doesNotMatch(content, /-----BEGIN/, path);
        assert.equal((await plan({ keyFrom: 'keyVault', vault: sampleVault })).status, 'nothing-to-do');
        await undoSetup(file, ports);
        assert.deepEqual(snapshot(root), before);
      }
    });

    it(`${name}: stopped, resumed, undone`, async () => {
      make(files);
      const before = snapshot(root);
      const made = await setUp({ rewriteNow: false, ...(name === withoutVariables ? { passphrase: 'none' } : {}) });
      assertNoSecrets(made);
      for (const [path, content] of Object.entries(snapshot(root)))
        if (!path.startsWith('certs') && path !== '.gitignore') assert.equal(content, before[path]);
      const result = await resumeSetup(file, tools, ports);
      // The file of the pass phrase goes once .env has it.
      const { passphrase, ...kept } = made.result.files;
      assert.deepEqual([result.files, passphrase !== undefined && existsSync(passphrase)], [kept, false]);
      assert.match(readFileSync(file, 'utf8'), /clientCertificate/);
      await undoSetup(file, ports);
      assert.deepEqual(snapshot(root), before);
    });
  }
});
