/** Two apps that share a key file or variables, by the real rewriter: undoing one of them never takes anything from the other. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as appConfigs from '../appConfig/index.ts';
import type { AppConfig } from '../appConfig/types.ts';
import * as certificates from '../certificates/index.ts';
import type { CredentialMaterial } from '../certificates/types.ts';
import { nodeLockOwners, nodeProcesses } from '../ui/nodeProcesses.ts';
import { createNodeFiles } from '../ui/nodeSetupPorts.ts';
import { applySetup, createGit, planSetup, undoSetup } from './index.ts';
import type { SetupPorts } from './ports.ts';
import { clock, snapshot } from './testing/sampleApp.ts';
import type { SetupChoices } from './types.ts';

const code = (clientId: string): string => `require('dotenv').config();
const msal = require('@azure/msal-node');
module.exports = new msal.ConfidentialClientApplication({
  auth: { clientId: '${clientId}', authority: 'https://login.microsoftonline.com/y', clientSecret: process.env.CLIENT_SECRET },
});
`;

describe('undoing one of two apps', function () {
  this.timeout(60_000);
  let base: string;
  let root: string;
  let ports: SetupPorts;
  let material: CredentialMaterial;
  const at = (...names: string[]) => join(root, ...names);
  const [a, b] = [() => at('a.js'), () => at('b.js')];

  before(async () => {
    material = await certificates.selfSigned({ subject: 'CN=web' });
  });
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'ccg-two-'));
    root = join(base, 'app');
    mkdirSync(root);
    writeFileSync(at('package.json'), '{"dependencies":{"@azure/msal-node":"5.0.0","dotenv":"17.0.0"}}');
    writeFileSync(at('.env'), 'CLIENT_SECRET=made-up\n');
    writeFileSync(a(), code('a'));
    writeFileSync(b(), code('b'));
    const files = createNodeFiles(nodeProcesses);
    const git = createGit(nodeProcesses, files);
    const editor = { isDirty: () => false };
    ports = { files, git, editor, clock, journalFolder: join(base, 'journals'), processes: nodeLockOwners };
  });
  afterEach(() => rmSync(base, { recursive: true }));

  const configsIn = (file: string) => appConfigs.readAppConfigs(file, ports.files, [root]);
  const all = async (): Promise<AppConfig[]> => [...(await configsIn(a())), ...(await configsIn(b()))];
  async function setUp(file: string, keyFrom: 'file' | 'environment', more: Partial<SetupChoices> = {}): Promise<void> {
    const [config] = await configsIn(file);
    assert.ok(config);
    const tools = { certificates, appConfigs, files: ports.files, clock };
    const choices = { config, material, keyFrom, passphrase: 'none', roots: [root], register: false, ...more };
    const planned = await planSetup(choices, tools);
    assert.ok(planned.status === 'plan');
    await applySetup(planned.plan, ports);
  }
  const sharing = (keyFrom: 'file' | 'environment') => ({
    source: {
      certificate: at('certs/web.crt'),
      privateKey: at(keyFrom === 'file' ? 'certs/web.key' : 'certs/web.crt'),
    },
  });
  /** Both ways to know: by the journals alone, and by the code of all apps. */
  async function refused(wanted: RegExp): Promise<void> {
    const before = snapshot(root);
    for (const configs of [[], await all()])
      await assert.rejects(undoSetup(a(), ports, { configs }), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'used-by-another-app', error.message);
        assert.match(error.message, wanted);
        assert.match(error.message, /b\.js uses/);
        return true;
      });
    assert.deepEqual(snapshot(root), before);
  }

  for (const keyFrom of ['file', 'environment'] as const)
    it(`is refused while the other was set up with the same key (${keyFrom})`, async () => {
      const before = snapshot(root);
      await setUp(a(), keyFrom);
      await setUp(b(), keyFrom, sharing(keyFrom));
      await refused(keyFrom === 'file' ? /web\.key/ : /web\.crt|CLIENT_CERTIFICATE/);
      await undoSetup(b(), ports, { configs: await all() });
      await undoSetup(a(), ports, { configs: await all() });
      assert.deepEqual(snapshot(root), before);
    });

  it('is refused while the other reads its variables, though nobody set that up', async () => {
    await setUp(a(), 'file');
    writeFileSync(b(), readFileSync(a(), 'utf8').replace("'a'", "'b'"));
    const configs = await all();
    await assert.rejects(undoSetup(a(), ports, { configs }), { code: 'used-by-another-app' });
    assert.ok(existsSync(at('certs/web.key')));
    writeFileSync(b(), code('b'));
    await undoSetup(a(), ports, { configs: await all() });
    assert.equal(existsSync(at('certs/web.key')), false);
  });

  it('is allowed once the other is gone, or signs in with its secret again', async () => {
    await setUp(a(), 'file');
    await setUp(b(), 'file', sharing('file'));
    writeFileSync(b(), code('b'));
    await undoSetup(a(), ports, { configs: await all() });
    assert.equal(existsSync(at('certs/web.key')), false);
  });

  it('leaves a .env file with a key of the other to its owner alone', async function () {
    if (process.platform === 'win32') this.skip();
    const mode = () => statSync(at('.env')).mode & 0o777;
    chmodSync(at('.env'), 0o644);
    await setUp(a(), 'environment', { name: 'web' });
    assert.equal(mode(), 0o600);
    const other = await certificates.selfSigned({ subject: 'CN=other' });
    await setUp(b(), 'environment', { material: other, name: 'other' });
    await undoSetup(a(), ports, { configs: await all() });
    assert.equal(mode(), 0o600);
    await undoSetup(b(), ports, { configs: await all() });
    await setUp(a(), 'environment', { name: 'web' });
    await undoSetup(a(), ports, { configs: await all() });
    assert.equal(readFileSync(at('.env'), 'utf8'), 'CLIENT_SECRET=made-up\n');
  });

  it('leaves the lines of .gitignore that protect the key of the other', async () => {
    await nodeProcesses.run('git', ['init', '-q', root]);
    await setUp(a(), 'file', { name: 'web' });
    const other = await certificates.selfSigned({ subject: 'CN=other' });
    await setUp(b(), 'file', { material: other, name: 'other' });
    const ignored = async () => {
      const facts = await ports.git.check([at('certs/other.key'), at('.env')]);
      return facts.map((fact) => fact.ignored);
    };
    assert.deepEqual(await ignored(), [true, true]);
    const result = await undoSetup(a(), ports, { configs: await all() });
    assert.deepEqual([await ignored(), result.kept], [[true, true], [at('.gitignore')]]);
    assert.ok(existsSync(at('certs/other.key')) && !existsSync(at('certs/web.key')));
  });
});
