/** Vault certificates made by the commands: created, cancelled, signed by a CA, imported, renewed. Against the sandbox. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { CommandOptions } from '../../src/ui/automation.ts';
import { Oid } from '../../src/certificates/oids.ts';
import { bag, certificateBag, pbmac1, pfx, plainSafe } from '../../src/certificates/testing/pfx.ts';
import type { StoredCertificate, Vault } from '../sandbox/vault/model.ts';
import { call, done, refused } from './calling.ts';
import { developer, useSandbox } from './cloud.ts';
import type { CloudOfSuite } from './cloud.ts';
import { suite } from './runner.ts';
import { keepSecret } from './secrets.ts';

const password = 'password of this suite';
keepSecret(password);

export const run = suite(() => {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  let cloud: CloudOfSuite;
  let folder: string;
  let dev: string;
  before(async () => {
    cloud = await useSandbox({ az: developer });
    dev = cloud.sandbox.vaultOrigin('contoso-dev');
  });
  after(() => cloud.close());
  beforeEach(async () => {
    folder = await mkdtemp(path.join(workspace, 'vault-'));
    for (const { behaviour } of cloud.sandbox.state.vaults) {
      Object.assign(behaviour, { creationSeconds: 0, creationRetryAfter: 0, deletionLagSeconds: 0 });
    }
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const vault = (): Vault => cloud.sandbox.vault('contoso-dev');
  const stored = (name: string): StoredCertificate => {
    const found = vault().certificates[name];
    assert.ok(found, `there is no ${name}`);
    return found;
  };
  const inFolder = (name: string) => path.join(folder, name);
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const create = (options: CommandOptions['createInVault']) => done('createInVault', { vault: dev, ...options });

  describe('createInVault', () => {
    it('makes what suits a client credential from a name alone', async () => {
      const result = await create({ name: 'plain-app' });
      assert.ok(result.status === 'completed');
      const { policy, versions } = stored('plain-app');
      const x509 = new X509Certificate(Buffer.from(versions[0]?.cer ?? '', 'base64'));
      assert.equal(result.thumbprintSha256, x509.fingerprint256.replaceAll(':', ''));
      assert.equal(result.thumbprintSha1, x509.fingerprint.replaceAll(':', ''));
      assert.equal(result.notAfter, x509.validToDate.toISOString());
      assert.equal(x509.subject, 'CN=plain-app');
      assert.deepEqual(x509.keyUsage, ['1.3.6.1.5.5.7.3.2']);
      assert.deepEqual(policy.key_props, { exportable: true, kty: 'RSA', key_size: 2048, reuse_key: false });
    });

    it('takes every option', async () => {
      await create({
        name: 'full-app',
        subject: 'CN=full, O=Contoso',
        subjectAltNames: { dnsNames: ['full.contoso.com'], userPrincipalNames: ['full@contoso.com'] },
        keyType: 'RSA',
        keySize: 3072,
        exportable: false,
        reuseKey: true,
        contentType: 'pem',
        validityMonths: 6,
        lifetimeAction: { action: 'renew', atPercent: 75 },
        issuer: 'Self',
        enabled: false,
        tags: { app: 'full' },
      });
      const { policy, versions } = stored('full-app');
      assert.deepEqual(policy.key_props, { exportable: false, kty: 'RSA', key_size: 3072, reuse_key: true });
      assert.equal(policy.secret_props.contentType, 'application/x-pem-file');
      assert.equal(policy.x509_props.subject, 'CN=full, O=Contoso');
      assert.deepEqual(policy.x509_props.sans, { dns_names: ['full.contoso.com'], upns: ['full@contoso.com'] });
      assert.equal(policy.x509_props.validity_months, 6);
      assert.deepEqual(policy.lifetime_actions, [
        { trigger: { lifetime_percentage: 75 }, action: { action_type: 'AutoRenew' } },
      ]);
      assert.deepEqual([versions[0]?.enabled, versions[0]?.tags], [false, { app: 'full' }]);
    });

    it('orders from a CA of the vault, by the name of the vault', async () => {
      const result = await done('createInVault', { vault: 'contoso-web', name: 'ordered-app', issuer: 'ContosoCA' });
      assert.equal(result.status, 'completed');
      assert.equal(result.vault, cloud.sandbox.vaultOrigin('contoso-web'));
    });

    it('refuses what Entra or the vault would refuse, before anything is asked of the vault', async () => {
      const requests = cloud.sandbox.log.length;
      await refused('createInVault', { vault: dev, name: 'ec-app', keyType: 'EC' }, 'key-is-ec');
      await refused('createInVault', { vault: dev, name: 'no_underscores' }, 'invalid-options');
      await refused('createInVault', { vault: dev, name: 'x', subject: 'CN=' }, 'invalid-options');
      await refused('createInVault', { vault: dev, name: 'x', subject: `CN=${'x'.repeat(200)}` }, 'invalid-options');
      await refused('createInVault', { vault: dev, name: 'x', keySize: 1024 as never }, 'invalid-options');
      await refused('createInVault', { vault: dev, name: 'x', lifetimeAction: { action: 'email' } }, 'invalid-options');
      await refused('createInVault', { vault: 'https://evil.example', name: 'x' }, 'vault-not-in-cloud');
      assert.equal(cloud.sandbox.log.length, requests);
    });

    it("reports the vault's own reason when it refuses or fails", async () => {
      const error = await refused(
        'createInVault',
        { vault: dev, name: 'nobody', issuer: 'NoSuchCA' },
        'vault-refused-request',
      );
      assert.match(error.message, /NoSuchCA/);
      vault().behaviour.creationFails = { code: 'FailedCanRetry', message: 'The CA is on holiday.' };
      const failed = await refused('createInVault', { vault: dev, name: 'failing-app' }, 'creation-failed');
      assert.match(failed.message, /on holiday/);
      delete vault().behaviour.creationFails;
    });

    it('stops waiting when told to, and the result says so', async () => {
      vault().behaviour.creationSeconds = 3600;
      const result = await create({ name: 'slow-app', waitSeconds: 0 });
      assert.ok(result.status === 'inProgress');
      assert.match(result.details ?? '', /in progress/);
      assert.deepEqual(await done('cancelCreation', { vault: dev, name: 'slow-app', confirm: false }), {
        vault: dev,
        name: 'slow-app',
      });
      assert.equal(stored('slow-app').pending, undefined);
      await refused('cancelCreation', { vault: dev, name: 'slow-app', confirm: false }, 'no-pending-creation');
      vault().behaviour.creationSeconds = 0;
      assert.equal((await create({ name: 'slow-app' })).status, 'completed');
    });

    it('cancels in the vault when the user cancels half-way, and shows the words of the service before', async () => {
      vault().behaviour.creationSeconds = 3600;
      const { reports, result } = await cancelledAtFirstReport(() =>
        call('createInVault', { vault: dev, name: 'left-app' }),
      );
      assert.equal(result, undefined);
      assert.match(reports[0] ?? '', /request is in progress/);
      const { pending, versions } = stored('left-app');
      assert.deepEqual([pending, versions], [undefined, []]);
      vault().behaviour.creationSeconds = 0;
      assert.equal((await create({ name: 'left-app' })).status, 'completed');
    });
  });

  describe('a name that is taken', () => {
    it('is a conflict unless a new version is wanted', async () => {
      await create({ name: 'taken-app' });
      await refused('createInVault', { vault: dev, name: 'taken-app' }, 'certificate-exists');
      await refused('createInVault', { vault: dev, name: 'taken-app', onConflict: 'purge' }, 'certificate-exists');
      await create({ name: 'taken-app', onConflict: 'newVersion', subject: 'CN=second' });
      assert.equal(stored('taken-app').versions.length, 2);
    });

    it('can be recovered, or purged, where it belongs to a deleted certificate', async () => {
      const first = await create({ name: 'gone-app' });
      await done('deleteInVault', { vault: dev, name: 'gone-app', confirm: false });
      await refused('createInVault', { vault: dev, name: 'gone-app' }, 'name-soft-deleted');
      const recovered = await create({ name: 'gone-app', onConflict: 'recover' });
      assert.ok(recovered.status === 'recovered' && first.status === 'completed');
      assert.equal(recovered.thumbprintSha256, first.thumbprintSha256);
      await done('deleteInVault', { vault: dev, name: 'gone-app', confirm: false });
      const anew = await create({ name: 'gone-app', onConflict: 'purge', confirm: false });
      assert.ok(anew.status === 'completed');
      assert.notEqual(anew.thumbprintSha256, first.thumbprintSha256);
    });

    it('can be had by cancelling what is under way', async () => {
      await create({ name: 'waiting-app', issuer: 'Unknown', csrFile: inFolder('waiting.csr') });
      await refused('createInVault', { vault: dev, name: 'waiting-app' }, 'creation-pending');
      assert.equal((await create({ name: 'waiting-app', onConflict: 'cancelPending' })).status, 'completed');
    });

    it('is a conflict with a secret of that name, which only the vault knows', async () => {
      vault().otherSecrets.push('a-secret');
      await refused('createInVault', { vault: dev, name: 'a-secret' }, 'name-taken');
    });
  });

  describe('a signing request', () => {
    const makeCa = () =>
      openssl(
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        'ca.key',
        '-out',
        'ca.pem',
        '-subj',
        '/CN=Suite CA',
        '-days',
        '30',
      );
    const sign = (csr: string, out: string, ...more: string[]) =>
      openssl(
        'x509',
        '-req',
        '-in',
        csr,
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-CAcreateserial',
        '-days',
        '20',
        '-out',
        out,
        ...more,
      );

    it('is written, signed by openssl as the CA, and merged whatever the order of the answer', async () => {
      makeCa();
      const result = await create({
        name: 'signed-app',
        subject: 'CN=signed, O=Contoso',
        issuer: 'Unknown',
        csrFile: inFolder('signed.csr'),
      });
      assert.ok(result.status === 'waitingForMerge');
      assert.equal(result.files.csr, inFolder('signed.csr'));
      assert.match(openssl('req', '-in', 'signed.csr', '-noout', '-verify', '-subject').toString(), /signed/);
      sign('signed.csr', 'signed.pem');
      await writeFile(
        inFolder('answer.pem'),
        (await readFile(inFolder('ca.pem'), 'utf8')) + (await readFile(inFolder('signed.pem'), 'utf8')),
      );
      const merged = await done('mergeSigned', { vault: dev, name: 'signed-app', file: inFolder('answer.pem') });
      const x509 = new X509Certificate(await readFile(inFolder('signed.pem')));
      assert.equal(merged.thumbprintSha256, x509.fingerprint256.replaceAll(':', ''));
      const fetched = await done('downloadWithKey', {
        vault: dev,
        name: 'signed-app',
        format: 'pem',
        folder,
        passphrase: 'none',
      });
      assert.equal(
        openssl('pkey', '-in', fetched.files.privateKey ?? '', '-pubout').toString(),
        x509.publicKey.export({ type: 'spki', format: 'pem' }),
      );
      openssl('verify', '-CAfile', 'ca.pem', fetched.files.certificate ?? '');
      await refused(
        'mergeSigned',
        { vault: dev, name: 'signed-app', file: inFolder('answer.pem') },
        'no-pending-creation',
      );
    });

    it('can be saved again, and does not replace a file', async () => {
      await create({ name: 'again-app', issuer: 'Unknown', csrFile: inFolder('one.csr') });
      const { file } = await done('saveSigningRequest', { vault: dev, name: 'again-app', output: inFolder('two.csr') });
      assert.equal(await readFile(file, 'utf8'), await readFile(inFolder('one.csr'), 'utf8'));
      await refused('saveSigningRequest', { vault: dev, name: 'again-app', output: file }, 'file-exists');
      const options = { vault: dev, name: 'other-app', issuer: 'Unknown', csrFile: file };
      await refused('createInVault', options, 'file-exists');
      assert.equal(vault().certificates['other-app'], undefined, 'nothing was begun in the vault');
    });

    it('is not answered by a certificate of another key, an expired one or a text', async () => {
      makeCa();
      await create({ name: 'picky-app', issuer: 'Unknown', csrFile: inFolder('picky.csr') });
      await refused('mergeSigned', { vault: dev, name: 'picky-app', file: inFolder('ca.pem') }, 'key-does-not-match');
      openssl(
        'x509',
        '-req',
        '-in',
        'picky.csr',
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-CAcreateserial',
        '-days',
        '-1',
        '-out',
        'old.pem',
      );
      await refused('mergeSigned', { vault: dev, name: 'picky-app', file: inFolder('old.pem') }, 'expired');
      await refused('mergeSigned', { vault: dev, name: 'picky-app', file: inFolder('missing.pem') }, 'file-not-found');
      await writeFile(inFolder('letter.pem'), 'Dear customer, your certificate is ready.');
      await refused(
        'mergeSigned',
        { vault: dev, name: 'picky-app', file: inFolder('letter.pem') },
        'not-a-certificate-file',
      );
      assert.equal(stored('picky-app').pending?.status, 'inProgress');
    });
  });

  describe('importToVault', () => {
    beforeEach(() => {
      openssl(
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        'local.key',
        '-out',
        'local.crt',
        '-subj',
        '/CN=local',
        '-days',
        '90',
      );
    });
    const fingerprint = async () =>
      new X509Certificate(await readFile(inFolder('local.crt'))).fingerprint256.replaceAll(':', '');
    const makePfx = (file: string, ...more: string[]) =>
      openssl(
        'pkcs12',
        '-export',
        '-inkey',
        'local.key',
        '-in',
        'local.crt',
        '-out',
        file,
        '-passout',
        `pass:${password}`,
        ...more,
      );

    const encodings: Record<string, () => Promise<{ file: string; privateKey?: string; password?: string }>> = {
      'a PFX with AES-256': () => {
        makePfx('aes.pfx');
        return Promise.resolve({ file: inFolder('aes.pfx'), password });
      },
      'a PFX with 3DES and SHA-1': () => {
        makePfx('old.pfx', '-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1');
        return Promise.resolve({ file: inFolder('old.pfx'), password });
      },
      'a PFX with PBMAC1': async () => {
        openssl(
          'pkcs8',
          '-topk8',
          '-in',
          'local.key',
          '-outform',
          'DER',
          '-out',
          'local.p8',
          '-v2',
          'aes-256-cbc',
          '-passout',
          `pass:${password}`,
        );
        const { raw } = new X509Certificate(await readFile(inFolder('local.crt')));
        const safe = plainSafe(bag(Oid.shroudedKeyBag, await readFile(inFolder('local.p8'))), certificateBag(raw));
        await writeFile(
          inFolder('pbmac.pfx'),
          pfx([safe], (content) => pbmac1(content, password)),
        );
        return { file: inFolder('pbmac.pfx'), password };
      },
      'PEM with an encrypted key': async () => {
        openssl('pkcs8', '-topk8', '-in', 'local.key', '-out', 'local.enc', '-passout', `pass:${password}`);
        const text = (await readFile(inFolder('local.enc'), 'utf8')) + (await readFile(inFolder('local.crt'), 'utf8'));
        await writeFile(inFolder('both.pem'), text.replaceAll('\n', '\r\n'));
        return { file: inFolder('both.pem'), password };
      },
      'a certificate and a traditional key file': () => {
        openssl('rsa', '-in', 'local.key', '-traditional', '-out', 'rsa.key');
        return Promise.resolve({ file: inFolder('local.crt'), privateKey: inFolder('rsa.key') });
      },
    };
    for (const [index, [what, make]] of Object.entries(encodings).entries()) {
      it(`takes ${what}`, async () => {
        const name = `imported-${index}`;
        const result = await done('importToVault', { vault: dev, name, ...(await make()), tags: { from: 'suite' } });
        assert.equal(result.thumbprintSha256, await fingerprint());
        assert.deepEqual(result.tags, { from: 'suite' });
        const back = await done('downloadWithKey', { vault: dev, name, format: 'pem', folder, passphrase: 'none' });
        assert.equal(
          openssl('pkey', '-in', back.files.privateKey ?? '', '-pubout').toString(),
          openssl('pkey', '-in', 'local.key', '-pubout').toString(),
        );
      });
    }

    it('keeps the key in the vault where that is wanted', async () => {
      const file = { file: inFolder('local.crt'), privateKey: inFolder('local.key') };
      await done('importToVault', {
        vault: dev,
        name: 'kept-app',
        ...file,
        exportable: false,
        contentType: 'pem',
        enabled: true,
      });
      assert.equal(stored('kept-app').policy.key_props.exportable, false);
      assert.equal(stored('kept-app').policy.secret_props.contentType, 'application/x-pem-file');
      const wanted = { vault: dev, name: 'kept-app', format: 'pem', folder, passphrase: 'none' } as const;
      await refused('downloadWithKey', wanted, 'key-not-exportable');
    });

    it('refuses files that cannot serve before the vault is asked for anything', async () => {
      makePfx('aes.pfx');
      const requests = cloud.sandbox.log.length;
      const into = { vault: dev, name: 'refused-app' };
      await refused('importToVault', { ...into, file: inFolder('aes.pfx') }, 'password-required');
      await refused(
        'importToVault',
        { ...into, file: inFolder('aes.pfx'), password: 'not this one' },
        'wrong-password',
      );
      await refused('importToVault', { ...into, file: inFolder('local.crt') }, 'no-private-key');
      openssl(
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-keyout',
        'ec.key',
        '-out',
        'ec.crt',
        '-subj',
        '/CN=ec',
      );
      await refused(
        'importToVault',
        { ...into, file: inFolder('ec.crt'), privateKey: inFolder('ec.key') },
        'key-is-ec',
      );
      openssl('req', '-new', '-key', 'local.key', '-subj', '/CN=old', '-out', 'old.csr');
      openssl('x509', '-req', '-in', 'old.csr', '-signkey', 'local.key', '-days', '-1', '-out', 'old.crt');
      await refused(
        'importToVault',
        { ...into, file: inFolder('old.crt'), privateKey: inFolder('local.key') },
        'expired',
      );
      assert.equal(cloud.sandbox.log.length, requests);
    });

    it('makes a new version of what is there only where that is wanted', async () => {
      const file = { vault: dev, name: 'twice-app', file: inFolder('local.crt'), privateKey: inFolder('local.key') };
      await done('importToVault', file);
      await refused('importToVault', file, 'certificate-exists');
      await done('importToVault', { ...file, onConflict: 'newVersion' });
      assert.equal(stored('twice-app').versions.length, 2);
    });
  });

  describe('renewInVault', () => {
    it('makes a new version with the same policy and another key', async () => {
      const first = await create({ name: 'renewed-app', subject: 'CN=keeps', validityMonths: 7, tags: { a: 'b' } });
      const second = await done('renewInVault', { vault: dev, name: 'renewed-app', confirm: false });
      assert.ok(first.status === 'completed' && second.status === 'completed');
      assert.notEqual(second.thumbprintSha256, first.thumbprintSha256);
      assert.deepEqual(second.tags, { a: 'b' });
      assert.equal(stored('renewed-app').policy.x509_props.validity_months, 7);
      await refused('renewInVault', { vault: dev, name: 'nowhere', confirm: false }, 'certificate-not-found');
    });

    it('hands out a request where the issuer is outside', async () => {
      openssl(
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        'a.key',
        '-out',
        'a.crt',
        '-subj',
        '/CN=a',
        '-days',
        '9',
      );
      const file = { file: inFolder('a.crt'), privateKey: inFolder('a.key') };
      await done('importToVault', { vault: dev, name: 'outside-app', ...file });
      const result = await done('renewInVault', {
        vault: dev,
        name: 'outside-app',
        csrFile: inFolder('new.csr'),
        confirm: false,
      });
      assert.equal(result.status, 'waitingForMerge');
      assert.match(openssl('req', '-in', 'new.csr', '-noout', '-subject').toString(), /CN\s*=\s*a/);
    });
  });
});

/** Presses Cancel on the progress notification as soon as it says how far the work is. */
async function cancelledAtFirstReport<T>(work: () => Thenable<T>): Promise<{ reports: string[]; result: T }> {
  const reports: string[] = [];
  const { withProgress } = vscode.window;
  vscode.window.withProgress = (options, task) =>
    withProgress(options, (progress) => {
      const source = new vscode.CancellationTokenSource();
      const listening: typeof progress = {
        report(value) {
          progress.report(value);
          if (value.message === undefined) return;
          reports.push(value.message);
          source.cancel();
        },
      };
      return task(listening, source.token);
    });
  try {
    return { result: await work(), reports };
  } finally {
    vscode.window.withProgress = withProgress;
  }
}
