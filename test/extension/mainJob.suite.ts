/** The main job on the sandbox by its options: secret app → certificate → uploaded → rewritten → proven; the app itself then asks for a token. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { run as runProgram } from '../host/run.ts';
import type { RunResult } from '../host/run.ts';
import { errorLinks } from '../../src/ui/startup/terminalLinks.ts';
import { copySample } from '../host/samples.ts';
import { call, done, refused } from './calling.ts';
import { developer, internalTool, reader, useSandbox, workforceTenant } from './cloud.ts';
import type { CloudOfSuite } from './cloud.ts';
import { withoutGrace } from './grace.ts';
import { suite } from './runner.ts';

const node = process.env.CCG_NODE ?? process.execPath;
const selfSigned = { kind: 'selfSigned', subject: 'CN=room-booking' } as const;

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
    folder = path.join(workspace, 'jobs', `app-${++count}`);
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
    sandbox.tokenRequests.length = 0;
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await cloud.signInAs({ az: developer });
    await rm(folder, { recursive: true, force: true });
  });

  function tool() {
    const found = cloud.sandbox.state.directory.applications.find(({ appId }) => appId === internalTool);
    assert.ok(found);
    return found;
  }
  /** The app asks for a token, as its developer would have it do. */
  const report = (app = folder): Promise<RunResult> =>
    runProgram(node, ['jobs/report.js'], {
      cwd: app,
      env: { NODE_EXTRA_CA_CERTS: path.join(folder, 'ca.pem'), NODE_OPTIONS: undefined },
      timeout: 120_000,
    });
  const howItSignedIn = () =>
    cloud.sandbox.tokenRequests.filter(({ proof }) => proof !== undefined).at(-1)?.proof?.kind;
  const registered = () =>
    tool().keyCredentials.map(({ key }) =>
      createHash('sha256').update(Buffer.from(key, 'base64')).digest('hex').toUpperCase(),
    );
  const isRewritten = async () => (await readFile(config, 'utf8')).includes('clientCertificate');

  for (const keyFrom of ['file', 'environment'] as const)
    it(`uploads, rewrites and proves in one call (${keyFrom}); the app then signs in with the certificate`, async () => {
      assert.equal((await report()).exitCode, 0);
      assert.equal(howItSignedIn(), 'secret');
      const options = {
        config,
        certificate: selfSigned,
        keyFrom,
        passphrase: keyFrom === 'file' ? 'generate' : 'none',
      };
      const result = await done('setUp', { ...options, confirm: false });
      assert.deepEqual([result.registered, result.proven, result.stopped], [true, true, undefined]);
      assert.deepEqual(
        result.warnings.filter(({ code }) => /regist|prove/.test(code)),
        [],
      );
      assert.ok(registered().includes(result.thumbprintSha256));
      const proofs = cloud.sandbox.tokenRequests.filter(({ proof }) => proof?.kind === 'assertion');
      assert.equal(proofs.length, 3);
      const answer = await report();
      assert.equal(answer.exitCode, 0, answer.output);
      assert.equal(howItSignedIn(), 'assertion');
      const again = await done('prove', { config });
      assert.deepEqual(again, { ok: true, algorithm: 'PS256', attempts: 3 });
    });

  it('does the whole job by two calls: afterwards the secret opens nothing and the certificate does', async () => {
    const before = structuredClone(tool().passwordCredentials);
    const old = path.join(workspace, 'jobs', 'as-before');
    await cp(folder, old, { recursive: true });
    // Another app config with the secret would keep it from being retired.
    await rename(path.join(old, 'src', 'msalConfig.js'), path.join(old, 'src', 'kept.txt'));
    try {
      const set = await done('setUp', { config, certificate: selfSigned, confirm: false });
      assert.equal(set.proven, true);
      const keyIds = before.filter(({ displayName }) => displayName === 'tool secret').map(({ keyId }) => keyId);
      const retired = await done('retireSecret', { application: internalTool, keyIds, confirm: false });
      assert.deepEqual(
        retired.removed.map(({ keyId }) => keyId),
        keyIds,
      );
      assert.equal((await report()).exitCode, 0);
      assert.equal(howItSignedIn(), 'assertion');
      await rename(path.join(old, 'src', 'kept.txt'), path.join(old, 'src', 'msalConfig.js'));
      const refusal = await report(old);
      assert.notEqual(refusal.exitCode, 0);
      assert.match(refusal.output, /AADSTS7000215/);
    } finally {
      tool().passwordCredentials = before;
      await rm(old, { recursive: true, force: true });
    }
  });

  it('waits for the directory before it calls the sign-in proven', async () => {
    cloud.sandbox.graph.credentialDelaySeconds = 3;
    const result = await done('setUp', {
      config,
      certificate: selfSigned,
      keyFrom: 'file',
      passphrase: 'none',
      confirm: false,
    });
    assert.equal(result.proven, true);
    const refusals = cloud.sandbox.tokenRequests.filter(({ refused: code }) => code === 700027);
    assert.ok(refusals.length >= 2, String(refusals.length));
  });

  it('stops after the key files where the account may not upload, and goes on when an administrator has', async () => {
    await cloud.signInAs({ az: reader });
    const stopped = await done('setUp', {
      config,
      certificate: selfSigned,
      keyFrom: 'file',
      passphrase: 'generate',
      confirm: false,
    });
    assert.deepEqual([stopped.registered, stopped.proven, stopped.stopped], [false, false, true]);
    assert.ok(
      stopped.warnings.some(({ code }) => /forbidden|permission/.test(code)),
      JSON.stringify(stopped.warnings),
    );
    assert.ok(existsSync(stopped.files.privateKey ?? ''));
    assert.equal(await isRewritten(), false);
    assert.equal((await report()).exitCode, 0, 'the app still signs in with its secret');
    const still = await done('continueSetup', { config, confirm: false });
    assert.equal(still.stopped, true);

    const page = await done('handOver', { certificate: stopped.files.certificate ?? '', config });
    await cloud.signInAs({ az: developer });
    // The administrator has no more than the folder that was handed over.
    const cer = (await readdir(page.folder)).find((name) => name.endsWith('.cer')) ?? '';
    const certificate = { file: path.join(page.folder, cer) };
    const uploaded = await done('upload', { certificate, application: internalTool, tenant: workforceTenant });
    assert.deepEqual([uploaded.alreadyThere, uploaded.thumbprintSha256], [false, stopped.thumbprintSha256]);
    await cloud.signInAs({ az: reader });
    const result = await done('continueSetup', { config, confirm: false });
    assert.deepEqual([result.registered, result.proven, result.stopped], [true, true, undefined]);
    assert.equal(await isRewritten(), true);
    assert.equal((await report()).exitCode, 0);
    assert.equal(howItSignedIn(), 'assertion');
  });

  it('finds the administrator’s upload by a token where nobody is signed in', async () => {
    await cloud.signInAs('nobody');
    const options = { config, certificate: selfSigned, keyFrom: 'file', passphrase: 'none', confirm: false } as const;
    const stopped = await done('setUp', options);
    assert.equal(stopped.stopped, true);
    await refused('setUp', options, 'setup-unfinished');
    await cloud.signInAs({ az: developer });
    await done('upload', { certificate: { file: stopped.files.certificate ?? '' }, config });
    await cloud.signInAs('nobody');
    const result = await done('continueSetup', { config, confirm: false });
    assert.deepEqual([result.registered, result.proven], [true, true]);
  });

  it('rewrites a stopped setup without an upload when that is wanted', async () => {
    await cloud.signInAs('nobody');
    await done('setUp', { config, certificate: selfSigned, keyFrom: 'file', passphrase: 'none', confirm: false });
    const result = await done('continueSetup', { config, register: false, confirm: false });
    assert.deepEqual([result.registered, result.proven, result.stopped], [false, false, undefined]);
    assert.ok(result.warnings.some(({ code }) => code === 'not-registered'));
    assert.equal(await isRewritten(), true);
  });

  it('takes everything back where the tenant’s policy forbids the certificate', async () => {
    cloud.sandbox.graph.policy = { certificatesBlocked: true };
    try {
      await refused(
        'setUp',
        { config, certificate: selfSigned, keyFrom: 'file', passphrase: 'none', confirm: false },
        'policy-forbids-certificates',
      );
    } finally {
      cloud.sandbox.graph.policy = {};
    }
    assert.equal(await isRewritten(), false);
    assert.equal(existsSync(path.join(folder, 'certs')), false);
  });

  it('tells apart before a request what can be seen here, and after it what the server saw', async () => {
    await refused('prove', { config }, 'app-has-no-certificate');
    const options = {
      config,
      certificate: selfSigned,
      keyFrom: 'file',
      passphrase: 'generate',
      register: false,
      confirm: false,
    } as const;
    const { thumbprintSha256, files } = await done('setUp', options);
    const env = path.join(folder, '.env');
    const good = await readFile(env, 'utf8');
    const key = await readFile(files.privateKey ?? '');
    const colons = thumbprintSha256.replace(/(..)(?=.)/g, '$1:');
    const cases: [string, () => Promise<void>][] = [
      ['thumbprint-not-hex', () => writeFile(env, good.replace(thumbprintSha256, colons))],
      [
        'thumbprint-sha1-as-sha256',
        () => writeFile(env, good.replace(thumbprintSha256, thumbprintSha256.slice(0, 40))),
      ],
      [
        'thumbprint-of-other-certificate',
        () => writeFile(env, good.replace(thumbprintSha256, thumbprintSha256.replace(/./g, 'A'))),
      ],
      ['wrong-password', () => writeFile(env, good.replace(/(PASSPHRASE=).*/, '$1other'))],
      ['key-encrypted', () => writeFile(env, good.replace(/.*PASSPHRASE=.*\n/, ''))],
      ['key-file-missing', () => rm(files.privateKey ?? '')],
    ];
    for (const [code, spoil] of cases) {
      const asked = cloud.sandbox.tokenRequests.length;
      await spoil();
      const result = await done('prove', { config });
      assert.deepEqual([result.ok, result.attempts, result.error?.code], [false, 0, code], JSON.stringify(result));
      assert.equal(cloud.sandbox.tokenRequests.length, asked, `${code}: something was asked`);
      await writeFile(env, good);
      await writeFile(files.privateKey ?? '', key, { mode: 0o600 });
    }
    const gone = await done('prove', { config });
    assert.equal(gone.error?.code, 'AADSTS700027');
    assert.ok(gone.error.cause.includes(thumbprintSha256));
    assert.equal(gone.attempts, 1, 'a certificate that is not registered is not waited for');
    await done('upload', { certificate: { file: files.certificate ?? '' }, config });
    assert.equal((await done('prove', { config })).ok, true);
  });

  for (const keyFrom of ['file', 'environment'] as const)
    it(`rotates without a moment in which the app cannot sign in (${keyFrom}), and removes the old certificate only on purpose`, async () => {
      const passphrase = keyFrom === 'file' ? 'generate' : 'none';
      const first = await done('setUp', { config, certificate: selfSigned, keyFrom, passphrase, confirm: false });
      await refused('removeOldCertificate', { config, confirm: false }, 'nothing-to-remove');
      const code = await readFile(config, 'utf8');
      const result = await done('rotate', { config, confirm: false });
      assert.deepEqual([result.registered, result.proven], [true, true]);
      assert.notEqual(result.thumbprintSha256, first.thumbprintSha256);
      assert.equal(result.replaced.thumbprintSha256, first.thumbprintSha256);
      assert.equal(await readFile(config, 'utf8'), code, 'the code reads both from its environment');
      assert.ok([first, result].every(({ thumbprintSha256 }) => registered().includes(thumbprintSha256)));
      assert.equal((await report()).exitCode, 0);
      // Undo brings the first certificate back, which is still registered.
      await done('undoSetup', { config, confirm: false });
      assert.equal((await report()).exitCode, 0);
      const again = await done('rotate', { config, confirm: false });
      const old = { config, confirm: false, thumbprintSha256: first.thumbprintSha256 };
      await refused('removeOldCertificate', old, 'grace-period');
      const removed = await withoutGrace(() => done('removeOldCertificate', old));
      assert.equal(removed.removed.length, 1);
      const left = removed.left.map(({ file, variable }) => variable ?? path.extname(file)).sort();
      assert.deepEqual(
        left,
        keyFrom === 'file' ? ['.crt', '.key'] : ['.crt', 'CLIENT_CERTIFICATE_PRIVATE_KEY_PREVIOUS'],
      );
      assert.ok(!registered().includes(first.thumbprintSha256) && registered().includes(again.thumbprintSha256));
      assert.equal((await report()).exitCode, 0);
      assert.deepEqual((await withoutGrace(() => done('removeOldCertificate', old))).removed, []);
    });

  it('proves a certificate without any config', async () => {
    const made = await done('createSelfSigned', { subject: 'CN=given', folder, name: 'given', passphrase: 'none' });
    const certificate = {
      kind: 'file',
      file: made.files.certificate ?? '',
      privateKey: made.files.privateKey ?? '',
    } as const;
    const authority = `${cloud.sandbox.entraOrigin}/${workforceTenant}`;
    const given = { certificate, clientId: internalTool, authority, patience: 0 };
    assert.equal((await done('prove', given)).error?.code, 'AADSTS700027');
    await done('upload', {
      certificate: { file: made.files.certificate ?? '' },
      application: internalTool,
      tenant: workforceTenant,
    });
    assert.equal((await done('prove', given)).ok, true);
    await refused('prove', { certificate }, 'invalid-options');
  });

  it('explains an error', async () => {
    const explained = await done('explainError', {
      text: "AADSTS7000215: Invalid client secret provided. …for a secret added to app 'x'.",
    });
    assert.equal(explained.code, 'AADSTS7000215');
    assert.ok(explained.remedies.length > 0);
    assert.equal((await done('explainError', { text: 'all is well' })).code, 'unknown');
  });

  it('makes links of the numbers of Entra in a terminal, which open their explanation', async () => {
    const line =
      'invalid_client: 700027 - AADSTS700027: The certificate used to sign … AADSTS7000215: Invalid client secret';
    const links = errorLinks.provideTerminalLinks({ line });
    assert.deepEqual(
      links.map(({ startIndex, length }) => line.slice(startIndex, startIndex + length)),
      ['AADSTS700027', 'AADSTS7000215'],
    );
    assert.deepEqual(errorLinks.provideTerminalLinks({ line: 'GET /sign-in 200, AADSTS' }), []);
    const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));
    const shown = new Promise<void>((resolve) => {
      const listener = vscode.window.tabGroups.onDidChangeTabs(({ opened }) => {
        if (opened.length === 0) return;
        listener.dispose();
        resolve();
      });
    });
    const [, second] = links;
    assert.ok(second);
    errorLinks.handleTerminalLink(second);
    await shown;
    const { title } = await done('explainError', { text: second.text });
    assert.ok(tabs().includes(title), tabs().join());
  });

  it('starts the app and opens its address when it answers', async () => {
    const server = "require('http').createServer((q, a) => a.end(process.env.MARK)).listen(process.env.PORT);";
    await writeFile(path.join(folder, 'serve.cjs'), server);
    const file = path.join(folder, 'package.json');
    const json = JSON.parse(await readFile(file, 'utf8')) as { scripts: Record<string, string> };
    json.scripts.start = `"${node}" serve.cjs`;
    await writeFile(file, JSON.stringify(json));
    const port = 20_000 + (process.pid % 20_000);
    await writeFile(path.join(folder, '.env'), `PORT=${port}\nMARK=from the environment\n`);
    const result = await call('runApp', { config });
    assert.deepEqual(result, { folder, script: 'start', address: `http://localhost:${port}` });
    assert.equal(await (await fetch(`http://localhost:${port}`)).text(), 'from the environment');
    await refused('runApp', { config }, 'address-in-use');
    for (const execution of vscode.tasks.taskExecutions) execution.terminate();
    await refused('runApp', { config, script: 'nothing' }, 'no-start-script');
  });
});
