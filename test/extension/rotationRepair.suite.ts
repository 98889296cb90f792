/** Rotate Certificate of apps that cannot sign in any more, or whose certificate cannot be made anew here: repaired, by one call. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { run as runProgram } from '../host/run.ts';
import type { RunResult } from '../host/run.ts';
import { copySample } from '../host/samples.ts';
import { keyCredentialOf } from '../sandbox/entra/directory.ts';
import { call, done, refused, snapshot } from './calling.ts';
import { developer, internalTool, useSandbox, workforceTenant } from './cloud.ts';
import type { CloudOfSuite } from './cloud.ts';
import { made } from './findings/app.ts';
import { withoutGrace } from './grace.ts';
import { suite } from './runner.ts';

const node = process.env.CCG_NODE ?? process.execPath;
const day = 86_400_000;

export const run = suite(() => {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  let cloud: CloudOfSuite;
  let folder: string;
  let config: string;
  let count = 0;

  before(async () => {
    cloud = await useSandbox({ az: developer });
  });
  after(async () => {
    await cloud.close();
  });
  beforeEach(async () => {
    const { sandbox } = cloud;
    folder = path.join(workspace, 'repairs', `app-${++count}`);
    await mkdir(path.dirname(folder), { recursive: true });
    await copySample('workforce-esm', folder);
    config = path.join(folder, 'src', 'msalConfig.js');
    const values = {
      CLOUD_INSTANCE: `${sandbox.entraOrigin}/`,
      TENANT_ID: workforceTenant,
      CLIENT_ID: internalTool,
      KNOWN_AUTHORITY: new URL(sandbox.entraOrigin).host,
      CLIENT_SECRET: sandbox.secrets['tool secret'] ?? '',
    };
    const lines = Object.entries(values).map(([name, value]) => `${name}="${value}"\n`);
    await writeFile(path.join(folder, '.env'), lines.join(''));
    await writeFile(path.join(folder, 'ca.pem'), sandbox.ca.certificatePem);
    sandbox.graph.credentialDelaySeconds = 0;
    tool().keyCredentials = [];
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(folder, { recursive: true, force: true });
  });

  function tool() {
    const found = cloud.sandbox.state.directory.applications.find(({ appId }) => appId === internalTool);
    assert.ok(found);
    return found;
  }
  const registered = () =>
    tool().keyCredentials.map(({ key }) =>
      createHash('sha256').update(Buffer.from(key, 'base64')).digest('hex').toUpperCase(),
    );
  /** The app asks for a token, as its developer would have it do. */
  const report = (): Promise<RunResult> =>
    runProgram(node, ['jobs/report.js'], {
      cwd: folder,
      env: { NODE_EXTRA_CA_CERTS: path.join(folder, 'ca.pem'), NODE_OPTIONS: undefined },
      timeout: 120_000,
    });
  const env = () => readFile(path.join(folder, '.env'), 'utf8');

  /** An app whose key and certificate lie in files, without a pass phrase. */
  async function setUp() {
    const certificate = { kind: 'selfSigned', subject: 'CN=room-booking' } as const;
    const result = await done('setUp', { config, certificate, keyFrom: 'file', passphrase: 'none', confirm: false });
    return { ...result, key: result.files.privateKey ?? '', crt: result.files.certificate ?? '' };
  }
  /** Another pair in the place of the app's own; the registration knows it, as that of an app that once worked. */
  async function become(app: Awaited<ReturnType<typeof setUp>>, pair: { key: string; certificate: string }) {
    const x509 = new X509Certificate(pair.certificate);
    const sha256 = x509.fingerprint256.replaceAll(':', '');
    await writeFile(app.key, pair.key);
    await writeFile(app.crt, pair.certificate);
    await writeFile(path.join(folder, '.env'), (await env()).replace(app.thumbprintSha256, sha256));
    tool().keyCredentials = [keyCredentialOf(x509.raw)];
    return sha256;
  }
  async function openSsl(...args: readonly string[]) {
    const [key, crt] = [path.join(folder, 'made.key'), path.join(folder, 'made.crt')];
    execFileSync('openssl', ['req', '-nodes', '-subj', '/CN=made', '-keyout', key, '-out', crt, ...args], {
      stdio: 'ignore',
    });
    return { key: await readFile(key, 'utf8'), certificate: await readFile(crt, 'utf8') };
  }
  async function isRepaired(old: string, more: object = {}) {
    assert.notEqual((await report()).exitCode, 0, 'the app is not broken');
    const result = await done('rotate', { config, confirm: false, ...more });
    assert.deepEqual([result.registered, result.proven], [true, true], JSON.stringify(result));
    assert.equal(result.replaced.thumbprintSha256, old);
    assert.deepEqual(registered(), [old, result.thumbprintSha256], 'the new one is registered beside the old one');
    const answer = await report();
    assert.equal(answer.exitCode, 0, answer.output);
    const { removed } = await withoutGrace(() =>
      done('removeOldCertificate', { config, confirm: false, thumbprintSha256: old }),
    );
    assert.equal(removed.length, 1);
    assert.deepEqual(registered(), [result.thumbprintSha256]);
    return new X509Certificate(await readFile(result.files.certificate ?? ''));
  }

  it('makes a new one like an expired self-signed one', async () => {
    const app = await setUp();
    const pair = await made({ subject: 'CN=over, O=Contoso', validityDays: 90, now: Date.now() - 300 * day });
    const x509 = await isRepaired(await become(app, pair));
    assert.match(x509.subject, /CN=over/);
    const days = Math.round((Date.parse(x509.validTo) - Date.parse(x509.validFrom)) / day);
    assert.ok(days >= 89 && days <= 91, `${days} days`);
  });

  for (const [what, ...args] of [
    ['an elliptic curve', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
    ['a short key', '-newkey', 'rsa:1024', '-sha256'],
  ] as const)
    it(`makes an RSA one in place of one with ${what}`, async () => {
      const old = await become(await setUp(), await openSsl('-x509', ...args));
      const x509 = await isRepaired(old);
      assert.equal(x509.publicKey.asymmetricKeyType, 'rsa');
      assert.equal(x509.publicKey.asymmetricKeyDetails?.modulusLength, 2048);
      assert.match(x509.subject, /CN=made/);
    });

  it('repairs an app whose key is another’s, and one whose key file is gone', async () => {
    const app = await setUp();
    const other = await made({ subject: 'CN=other' });
    await writeFile(app.key, other.key);
    const x509 = await isRepaired(app.thumbprintSha256);
    assert.match(x509.subject, /CN=room-booking/);
    const now = await env();
    const [name = ''] = /[^/\s"]+\.key/.exec(now) ?? [];
    await rm(path.join(path.dirname(app.key), name));
    await isRepaired(x509.fingerprint256.replaceAll(':', ''));
  });

  it('takes the given certificate in place of an expired one that a certificate authority has issued, and asks for it else', async () => {
    const app = await setUp();
    const ca = await openSsl('-x509', '-newkey', 'rsa:2048');
    await writeFile(path.join(folder, 'ca-own.key'), ca.key);
    await writeFile(path.join(folder, 'ca-own.crt'), ca.certificate);
    const csr = await openSsl('-newkey', 'rsa:2048');
    await writeFile(path.join(folder, 'leaf.csr'), csr.certificate);
    const signing = ['x509', '-req', '-in', 'leaf.csr', '-CA', 'ca-own.crt', '-CAkey', 'ca-own.key', '-CAcreateserial'];
    // OpenSSL 3.0 knows no earlier start, but an end at once.
    execFileSync('openssl', [...signing, '-days', '0', '-out', 'leaf.crt'], { cwd: folder, stdio: 'ignore' });
    const old = await become(app, { key: csr.key, certificate: await readFile(path.join(folder, 'leaf.crt'), 'utf8') });
    const before = await snapshot(folder);
    await refused('rotate', { config, confirm: false }, 'certificate-needed');
    assert.deepEqual(await snapshot(folder), before);
    await isRepaired(old, { certificate: { kind: 'selfSigned', subject: 'CN=given', validityDays: 100 } });
  });

  it('has nothing to do with the certificate that the app uses, unless its key is another’s', async () => {
    const app = await setUp();
    const own = await readFile(app.key, 'utf8');
    const kept = { file: path.join(folder, 'kept.crt'), privateKey: path.join(folder, 'kept.key') };
    await writeFile(kept.privateKey, own);
    await writeFile(kept.file, await readFile(app.crt));
    const certificate = { kind: 'file', ...kept } as const;
    const before = await snapshot(folder);
    await refused('rotate', { config, certificate, confirm: false }, 'nothing-to-rotate');
    assert.deepEqual(await snapshot(folder), before);
    await writeFile(app.key, (await made({ subject: 'CN=other' })).key);
    const result = await done('rotate', { config, certificate, confirm: false });
    assert.deepEqual([result.proven, result.replaced], [true, {}], JSON.stringify(result));
    assert.equal((await report()).exitCode, 0);
  });

  it('is offered by Set Up and Use Certificate in App for an app that has a certificate', async () => {
    await setUp();
    const before = await snapshot(folder);
    for (const name of ['useInApp', 'setUp'] as const) {
      const state = { isOver: false };
      const item = { commandOptions: { config } } as never;
      const running = call(name, item).then((result) => {
        state.isOver = true;
        return result;
      });
      // The list is closed as soon as it is there; a command that does not ask answers with what it did not do.
      while (!state.isOver) {
        await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.equal(await running, undefined, name);
    }
    await refused('setUp', { config, certificate: { kind: 'selfSigned' }, confirm: false }, 'nothing-to-do');
    assert.equal((await done('useInApp', { config, confirm: false })).status, 'nothing-to-do');
    assert.deepEqual(await snapshot(folder), before);
  });
});
