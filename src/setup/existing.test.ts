/** Certificates and keys that lie in the app already, with the real certificates and appConfig rooms on real files. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as appConfigs from '../appConfig/index.ts';
import * as certificates from '../certificates/index.ts';
import type { CredentialMaterial } from '../certificates/types.ts';
import { applySetup, planSetup, resumeSetup, undoSetup } from './index.ts';
import type { ResumeTools, SetupPorts } from './ports.ts';
import { appAt, clock, makePorts, snapshot } from './testing/sampleApp.ts';
import type { SetupChoices } from './types.ts';

const code = `require('dotenv').config();
const { ConfidentialClientApplication } = require('@azure/msal-node');
const config = {
  auth: { clientId: '11111111-2222-3333-4444-555555555555', clientSecret: process.env.CLIENT_SECRET },
};
module.exports = new ConfidentialClientApplication(config);
`;
const passphrase = 'the pass phrase of mine';

describe('certificate and key files that lie in the app already', function () {
  this.timeout(60_000);
  let base: string;
  let root: string;
  let certs: string;
  let ports: SetupPorts;
  let tools: ResumeTools;
  let material: CredentialMaterial;
  let plain: string;
  let sealed: string;
  let certificate: string;

  before(async () => {
    material = await certificates.selfSigned({ subject: 'CN=mine', validityDays: 90 });
    plain = await certificates.privateKeyPem(material.privateKeyPkcs8);
    sealed = await certificates.privateKeyPem(material.privateKeyPkcs8, passphrase);
    certificate = certificates.certificatePem(material.certificateDer);
  });
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'ccg-existing-'));
    root = join(base, 'app');
    certs = join(root, 'certs');
    mkdirSync(certs, { recursive: true });
    execFileSync('git', ['init', '-q', root]);
    const dependencies = { '@azure/msal-node': '^3.8.0', dotenv: '^17.0.0' };
    writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'app', dependencies }));
    writeFileSync(join(root, 'auth.js'), code);
    writeFileSync(join(root, '.env'), 'CLIENT_SECRET=of this test\n');
    ports = makePorts(appAt(base));
    tools = { certificates, appConfigs, files: ports.files, clock };
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  const put = (name: string, text: string | Uint8Array, mode = 0o644): string => {
    const path = join(certs, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };

  async function setUp(source: { certificate: string; privateKey: string }, more: Partial<SetupChoices>) {
    const [config] = await appConfigs.readAppConfigs(join(root, 'auth.js'), ports.files, [root]);
    assert.ok(config);
    const choices = { config, material, source, keyFrom: 'file', passphrase: 'generate', roots: [root] } as const;
    const planned = await planSetup({ ...choices, ...more }, tools);
    assert.equal(planned.status, 'plan');
    return applySetup(planned.plan, ports);
  }

  /** The key opens with what the app now has in its environment. */
  function assertAppOpens(key: string): void {
    const env = readFileSync(join(root, '.env'), 'utf8');
    const value = (name: string) => new RegExp(`^${name}=["']?(.*?)["']?$`, 'm').exec(env)?.[1];
    assert.equal(join(root, value('CLIENT_CERTIFICATE_KEY_PATH') ?? ''), key);
    const opened = createPrivateKey({ key: readFileSync(key), passphrase: value('CLIENT_CERTIFICATE_PASSPHRASE') });
    assert.ok(new X509Certificate(certificate).checkPrivateKey(opened));
    assert.equal(statSync(key).mode & 0o077, 0);
  }

  const undo = () => undoSetup(join(root, 'auth.js'), ports);

  for (const [title, pem, choice] of [
    ['plain, as the user wants it', () => plain, 'none'],
    ['encrypted with the pass phrase that the user gave', () => sealed, passphrase],
  ] as const) {
    it(`are referred to and protected, not copied: ${title}; undone they lie there as before, and serve again`, async () => {
      const source = { certificate: put('mine.crt', certificate), privateKey: put('mine.key', pem()) };
      const before = snapshot(root);
      for (let run = 1; run <= 2; run++) {
        const { files } = await setUp(source, { passphrase: choice });
        assert.deepEqual(files, source);
        assert.deepEqual(readdirSync(certs).sort(), ['mine.crt', 'mine.key']);
        assertAppOpens(source.privateKey);
        execFileSync('git', ['-C', root, 'check-ignore', '-q', source.privateKey]);
        await undo();
        assert.deepEqual(snapshot(root), before);
      }
    });

    it(`are gone on with after "Rewrite Later": ${title}`, async () => {
      const source = { certificate: put('mine.crt', certificate), privateKey: put('mine.key', pem()) };
      const before = snapshot(root);
      await setUp(source, { passphrase: choice, rewriteNow: false });
      const { files } = await resumeSetup(join(root, 'auth.js'), tools, ports);
      assert.deepEqual(files, source);
      assertAppOpens(source.privateKey);
      assert.deepEqual(readdirSync(certs).sort(), ['mine.crt', 'mine.key']);
      await undo();
      assert.deepEqual(snapshot(root), before);
    });
  }

  it('are left alone where the user wants the key protected in another way', async () => {
    for (const [pem, choice] of [
      [plain, 'generate'],
      [plain, passphrase],
      [sealed, 'none'],
      [sealed, 'generate'],
      [sealed, 'another pass phrase'],
    ] as const) {
      const source = { certificate: put('mine.crt', certificate), privateKey: put('mine.key', pem) };
      const before = snapshot(root);
      const { files } = await setUp(source, { passphrase: choice });
      assert.deepEqual(files, { certificate: source.certificate, privateKey: join(certs, 'mine-2.key') });
      assert.equal(readFileSync(source.privateKey, 'utf8'), pem);
      assertAppOpens(join(certs, 'mine-2.key'));
      await undo();
      assert.deepEqual(snapshot(root), before);
    }
  });

  it('with both in one file: the key is referred to, the public part gets a file of its own for uploading', async () => {
    const both = put('mine.pem', certificate + plain);
    const { files } = await setUp({ certificate: both, privateKey: both }, { passphrase: 'none' });
    assert.deepEqual(files, { certificate: join(certs, 'mine.crt'), privateKey: both });
    assert.equal(readFileSync(join(certs, 'mine.crt'), 'utf8'), certificate);
    assertAppOpens(both);
  });

  it('that the app could not open as they are, or that lie elsewhere, are written anew', async () => {
    const openssl = (...args: string[]) =>
      execFileSync('openssl', args, { input: plain, stdio: ['pipe', 'pipe', 'ignore'] });
    const given = ['-passout', `pass:${passphrase}`];
    const old = openssl('rsa', '-traditional', '-aes256', ...given);
    const weak = openssl('pkcs8', '-topk8', '-v1', 'PBE-SHA1-3DES', ...given);
    const der = openssl('pkcs8', '-topk8', '-nocrypt', '-outform', 'DER');
    mkdirSync(join(base, 'elsewhere'));
    const elsewhere = join(base, 'elsewhere', 'mine.key');
    writeFileSync(elsewhere, plain);
    for (const [what, privateKey, choice] of [
      ['traditional encryption', put('old.key', old), passphrase],
      ['weak encryption', put('weak.key', weak), passphrase],
      ['DER', put('der.key', der), 'none'],
      ['byte order mark', put('bom.key', `\uFEFF${plain}`), 'none'],
      ['two keys', put('two.key', plain + plain), 'none'],
      ['outside the app', elsewhere, 'none'],
    ] as const) {
      const before = snapshot(root);
      const { files } = await setUp({ certificate: elsewhere, privateKey }, { passphrase: choice });
      assert.deepEqual(files, { certificate: join(certs, 'mine.crt'), privateKey: join(certs, 'mine.key') }, what);
      assertAppOpens(join(certs, 'mine.key'));
      await undo();
      assert.deepEqual(snapshot(root), before, what);
    }
  });

  it('are not touched where nobody else can read or write them', async () => {
    const source = { certificate: put('mine.crt', certificate, 0o444), privateKey: put('mine.key', plain, 0o400) };
    await setUp(source, { passphrase: 'none' });
    assert.equal(statSync(source.privateKey).mode & 0o777, 0o400);
  });

  it('that change while the plan is reviewed are not used', async () => {
    const source = { certificate: put('mine.crt', certificate), privateKey: put('mine.key', plain) };
    const before = snapshot(root);
    const [config] = await appConfigs.readAppConfigs(join(root, 'auth.js'), ports.files, [root]);
    assert.ok(config);
    const choices = { config, material, source, keyFrom: 'file', passphrase: 'none', roots: [root] } as const;
    const planned = await planSetup(choices, tools);
    assert.equal(planned.status, 'plan');
    rmSync(source.privateKey);
    await assert.rejects(applySetup(planned.plan, ports), { code: 'file-changed' });
    put('mine.key', plain);
    assert.deepEqual(snapshot(root), before);
  });
});
