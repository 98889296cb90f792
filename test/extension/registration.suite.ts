/** App registrations by their commands, on the sandbox: upload, handing over, retiring the secret. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { run as runProgram } from '../host/run.ts';
import { copySample } from '../host/samples.ts';
import type { Application } from '../sandbox/entra/directory.ts';
import { done, refused } from './calling.ts';
import {
  customerPortal,
  developer,
  externalTenant,
  internalTool,
  reader,
  useSandbox,
  workforceTenant,
} from './cloud.ts';
import type { CloudOfSuite } from './cloud.ts';
import { suite } from './runner.ts';
import { applicationIn, makeWorkforceApp, registeredAt } from './workforceApp.ts';

const node = process.env.CCG_NODE ?? process.execPath;

export const run = suite(() => {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  let cloud: CloudOfSuite;
  let folder: string;
  let config: string;
  let secret: string;
  let original: Pick<Application, 'keyCredentials' | 'passwordCredentials'>;
  let count = 0;

  before(async () => {
    cloud = await useSandbox({ az: developer });
    const { keyCredentials, passwordCredentials } = tool();
    original = structuredClone({ keyCredentials, passwordCredentials });
    secret = cloud.sandbox.secrets['tool secret'] ?? '';
  });
  after(async () => {
    await cloud.close();
  });
  beforeEach(async () => {
    folder = path.join(workspace, 'jobs', `registration-${++count}`);
    config = await makeWorkforceApp(cloud, folder);
    Object.assign(tool(), structuredClone(original));
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await cloud.signInAs({ az: developer });
    await rm(folder, { recursive: true, force: true });
  });

  const application = (appId: string): Application => applicationIn(cloud, appId);
  const tool = (): Application => application(internalTool);
  const registered = (of = tool()): string[] => registeredAt(of);
  const newCertificate = (name = 'app') =>
    done('createSelfSigned', {
      subject: 'CN=registration',
      folder: path.join(folder, 'certs'),
      name,
      passphrase: 'none',
    });
  const setUp = () =>
    done('setUp', {
      config,
      certificate: { kind: 'selfSigned', subject: 'CN=tool' },
      keyFrom: 'file',
      passphrase: 'generate',
      confirm: false,
    });
  const env = () => readFile(path.join(folder, '.env'), 'utf8');
  /** The app asks for a token, as its developer would have it do. */
  const report = () =>
    runProgram(node, ['jobs/report.js'], {
      cwd: folder,
      env: { NODE_EXTRA_CA_CERTS: path.join(folder, 'ca.pem'), NODE_OPTIONS: undefined },
      timeout: 120_000,
    });

  describe('Upload to App Registration', () => {
    it('adds the public certificate beside the others, once', async () => {
      const made = await newCertificate();
      const certificate = made.files.certificate ?? '';
      const first = await done('upload', { certificate, config, displayName: 'from the suite' });
      assert.equal(first.thumbprintSha256, made.thumbprintSha256);
      assert.deepEqual(
        [first.alreadyThere, first.registration.displayName, first.registration.tenant, first.removedMeanwhile],
        [false, 'Internal Tool', workforceTenant, []],
      );
      assert.deepEqual(registered().slice(1), [made.thumbprintSha256]);
      assert.equal(tool().keyCredentials[1]?.displayName, 'from the suite');
      const second = await done('upload', { certificate: vscode.Uri.file(certificate), config });
      assert.deepEqual([second.alreadyThere, second.keyId], [true, first.keyId]);
    });

    it('takes only the public part of a PFX, and the application by its id and tenant', async () => {
      const made = await newCertificate();
      const pfx = path.join(folder, 'certs', 'with-key.pfx');
      execFileSync('openssl', [
        ...[
          'pkcs12',
          '-export',
          '-out',
          pfx,
          '-in',
          made.files.certificate ?? '',
          '-inkey',
          made.files.privateKey ?? '',
        ],
        ...['-passout', 'pass:of-the-suite'],
      ]);
      const file = pfx;
      const answer = await done('upload', {
        certificate: { file, password: 'of-the-suite' },
        application: customerPortal,
        tenant: externalTenant,
      });
      assert.equal(answer.registration.displayName, 'Customer Portal');
      assert.ok(registered(application(customerPortal)).includes(made.thumbprintSha256 ?? ''));
    });

    it('takes the public part of a certificate in a vault', async () => {
      const answer = await done('upload', { certificate: { vault: 'contoso-dev', name: 'local-app' }, config });
      assert.equal(answer.alreadyThere, false);
      assert.ok(registered().includes(answer.thumbprintSha256));
    });

    it('says which permission or role is missing, and what is wrong with its options', async () => {
      const { files } = await newCertificate();
      const certificate = files.certificate ?? '';
      await cloud.signInAs({ az: reader });
      const error = await refused('upload', { certificate, config }, 'registration-forbidden');
      assert.match(error.message, /Application Administrator/);
      await cloud.signInAs('nobody');
      await refused('upload', { certificate, config }, 'not-signed-in');
      await cloud.signInAs({ az: developer });
      await refused(
        'upload',
        { certificate, application: customerPortal, tenant: workforceTenant },
        'registration-not-found',
      );
      // The workspace has other apps too.
      const several = await refused('upload', { certificate }, 'several-applications');
      assert.ok(several.message.includes(internalTool));
      await refused('upload', { certificate: { file: files.privateKey ?? '' }, config }, 'no-certificate');
      await refused('upload', { certificate: { file: certificate, secret: 'x' } as never, config }, 'invalid-options');
      assert.deepEqual(registered(), registered().slice(0, 1));
    });
  });

  describe('Hand Over to an Administrator', () => {
    it('writes the public certificate and a page with all that it takes', async () => {
      const made = await newCertificate();
      await cloud.signInAs('nobody');
      const target = path.join(folder, 'for-admin');
      const result = await done('handOver', { certificate: made.files.certificate ?? '', config, folder: target });
      assert.deepEqual((await readdir(target)).sort(), ['README.md', 'registration.cer', 'registration.pem']);
      const cer = await readFile(path.join(target, 'registration.cer'));
      assert.equal(new X509Certificate(cer).fingerprint256.replaceAll(':', ''), made.thumbprintSha256);
      const page = await readFile(result.instructions, 'utf8');
      for (const part of [made.thumbprintSha256 ?? '-', made.thumbprintSha1 ?? '-', internalTool, workforceTenant]) {
        assert.ok(page.includes(part), part);
      }
      assert.match(page, /az ad app credential reset --append .*--cert '@registration\.pem'/);
      assert.match(page, /PATCH https:.*\/v1\.0\/applications\(appId=/);
      assert.ok(result.portal !== undefined && page.includes(result.portal));
      for (const name of await readdir(target)) {
        assert.doesNotMatch(await readFile(path.join(target, name), 'latin1'), /PRIVATE KEY|Q~/);
      }
      await refused(
        'handOver',
        { certificate: made.files.certificate ?? '', config, folder: target },
        'folder-not-empty',
      );
    });

    it('chooses a folder of its own that is free', async () => {
      const made = await newCertificate();
      const result = await done('handOver', { certificate: made.files.certificate ?? '', config });
      assert.ok(path.basename(result.folder).startsWith('hand-over-'));
      const again = await done('handOver', { certificate: made.files.certificate ?? '', config });
      assert.notEqual(again.folder, result.folder);
    });
  });

  describe('Retire Client Secret', () => {
    const keyIdOf = (displayName: string): string =>
      tool().passwordCredentials.find((one) => one.displayName === displayName)?.keyId ?? '';

    it('is locked until the sign-in with this very certificate is proven', async () => {
      const keyIds = [keyIdOf('tool secret')];
      await refused(
        'retireSecret',
        { config, application: internalTool, keyIds, confirm: false },
        'app-still-uses-secret',
      );
      const options = { config, certificate: { kind: 'selfSigned', subject: 'CN=tool' }, keyFrom: 'file' } as const;
      await done('setUp', { ...options, passphrase: 'none', prove: false, confirm: false });
      await refused('retireSecret', { config, application: internalTool, keyIds, confirm: false }, 'proof-needed');
      const byDomain = `${cloud.sandbox.entraOrigin}/contoso.onmicrosoft.com`;
      assert.equal((await done('prove', { config, authority: byDomain })).ok, true);
      await refused('retireSecret', { config, application: internalTool, keyIds, confirm: false }, 'proof-needed');
      await done('prove', { config });
      tool().keyCredentials = structuredClone(original.keyCredentials);
      await refused(
        'retireSecret',
        { config, application: internalTool, keyIds, confirm: false },
        'certificate-not-registered',
      );
      assert.equal(tool().passwordCredentials.length, 2);
      assert.ok((await env()).includes(secret));
    });

    it('wants to be told exactly what to remove where nobody is asked', async () => {
      await setUp();
      await refused('retireSecret', { config, confirm: false }, 'invalid-options');
      await refused('retireSecret', { config, application: internalTool, confirm: false }, 'invalid-options');
      const unknown = { config, application: internalTool, keyIds: ['0'.repeat(8)], confirm: false };
      await refused('retireSecret', unknown, 'secret-not-found');
      assert.equal(tool().passwordCredentials.length, 2);
    });

    it('removes the secret from directory and .env; the app goes on with its certificate; leftovers are told', async () => {
      await writeFile(path.join(folder, '.env.staging'), `CLIENT_SECRET=${secret}\nPORT=4000\n`);
      await mkdir(path.join(folder, '.github', 'workflows'), { recursive: true });
      await writeFile(path.join(folder, '.github', 'workflows', 'ci.yml'), 'env:\n  CLIENT_SECRET: x\n');
      await writeFile(path.join(folder, 'docker-compose.yml'), `environment:\n  - CLIENT_SECRET=${secret}\n`);
      const git = (...args: string[]) =>
        execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
          cwd: folder,
        }).toString();
      git('init', '-q');
      git('add', '-f', '.env', 'docker-compose.yml');
      git('commit', '-q', '-m', 'as it was');
      const commit = git('rev-parse', 'HEAD').trim();
      git('rm', '-q', '--cached', '.env');
      git('commit', '-q', '-m', 'secrets do not belong here');
      const set = await setUp();
      assert.equal(set.proven, true);
      const keyIds = [keyIdOf('tool secret')];
      const result = await done('retireSecret', { config, application: internalTool, keyIds, confirm: false });
      assert.deepEqual(
        result.removed.map(({ keyId, displayName, hint }) => [keyId, displayName, hint]),
        [[keyIds[0], 'tool secret', secret.slice(0, 3)]],
      );
      assert.deepEqual(
        tool().passwordCredentials.map(({ displayName }) => displayName),
        ['old tool secret'],
      );
      assert.doesNotMatch(await env(), /CLIENT_SECRET|Kept until/);
      assert.match(await env(), /CLIENT_CERTIFICATE_THUMBPRINT/);
      assert.equal(await readFile(path.join(folder, '.env.staging'), 'utf8'), 'PORT=4000\n');
      assert.deepEqual(
        result.changed
          .map((file) => path.relative(folder, file))
          .sort()
          .slice(0, 2),
        ['.env', '.env.example'],
      );
      const told = result.left.map(({ kind, place, file = '', line }) =>
        [kind, place, place === 'file' ? path.relative(folder, file) : file, line ?? 0].join(' '),
      );
      for (const wanted of [
        'variable file .github/workflows/ci.yml 2',
        'value file docker-compose.yml 2',
        'value gitHistory .env 0',
        'secret registration  0',
      ]) {
        assert.ok(told.includes(wanted), `${wanted} is not among ${told.join(' | ')}`);
      }
      const history = result.left.find(({ place, file }) => place === 'gitHistory' && file === '.env');
      assert.ok(history?.commits?.includes(commit), JSON.stringify(history));
      assert.ok(!JSON.stringify(result).includes(secret.slice(4)));
      const answer = await report();
      assert.equal(answer.exitCode, 0, answer.output);

      // Run again after everything is done: nothing more to do, and nothing breaks.
      const again = await done('retireSecret', { config, application: internalTool, keyIds, confirm: false });
      assert.deepEqual([again.removed.length, again.changed], [1, []]);
    });

    it('does not touch a value that may be another secret', async () => {
      const other = tool().passwordCredentials.find(({ displayName }) => displayName === 'old tool secret');
      assert.ok(other);
      other.hint = secret.slice(0, 3);
      await setUp();
      const keyIds = [keyIdOf('tool secret')];
      const result = await done('retireSecret', { config, application: internalTool, keyIds, confirm: false });
      assert.ok((await env()).includes(secret));
      assert.ok(result.left.some(({ message }) => message.includes('not certainly')));
    });

    it('does not begin while a local file has unsaved changes, or another app uses the secret', async () => {
      await setUp();
      const keyIds = [keyIdOf('tool secret')];
      const options = { config, application: internalTool, keyIds, confirm: false };
      const files = vscode.workspace.getConfiguration('files');
      await files.update('autoSave', 'off', vscode.ConfigurationTarget.Global);
      const editor = await vscode.window.showTextDocument(vscode.Uri.file(path.join(folder, '.env.example')));
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '#'));
      await refused('retireSecret', options, 'unsaved-changes');
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
      await files.update('autoSave', undefined, vscode.ConfigurationTarget.Global);
      const twin = path.join(folder, 'twin');
      await copySample('workforce-esm', twin);
      await writeFile(path.join(twin, '.env'), `CLIENT_ID=${internalTool}\nCLIENT_SECRET=${secret}\n`);
      await refused('retireSecret', options, 'secret-still-used');
      assert.equal(tool().passwordCredentials.length, 2);
      await rm(twin, { recursive: true });
      await appendFile(path.join(folder, 'src', 'client.js'), '\n');
      await done('retireSecret', options);
      assert.equal(tool().passwordCredentials.length, 1);
    });
  });
});
