/** Vault certificates fetched by the commands, without and with their keys. Against the sandbox. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { call, done, refused } from './calling.ts';
import { suite } from './runner.ts';
import { keepSecret } from './secrets.ts';
import { publicKeyOf, vaultWork, x509Of } from './vaultWork.ts';

const password = 'another password of a suite';
keepSecret(password);

export const run = suite(() => {
  const work = vaultWork();

  describe('downloadCertificate', () => {
    it('writes the public part as DER, of any version', async () => {
      const [, second] = work.stored('renewed-app', 'contoso-web').versions;
      assert.ok(second !== undefined);
      const output = work.file('one.cer');
      const result = await done('downloadCertificate', {
        vault: work.web,
        name: 'renewed-app',
        version: second.id,
        output,
      });
      assert.deepEqual(await readFile(output), Buffer.from(second.cer, 'base64'));
      assert.deepEqual([result.file, result.certificates], [output, 1]);
      assert.match(
        work
          .openssl('x509', '-inform', 'DER', '-in', 'one.cer', '-noout', '-fingerprint', '-sha256')
          .replaceAll(':', ''),
        new RegExp(result.thumbprintSha256),
      );
      await refused('downloadCertificate', { vault: work.web, name: 'renewed-app', output }, 'file-exists');
    });

    it('writes the chain of a certificate of a CA as PEM', async () => {
      const output = work.file('issued.pem');
      const result = await done('downloadCertificate', { vault: work.web, name: 'issued-app', format: 'pem', output });
      assert.equal(result.certificates, 2);
      const [leaf, issuer] = (await readFile(output, 'utf8')).split(/(?<=-----END CERTIFICATE-----\n)/);
      await writeFile(work.file('leaf.pem'), leaf ?? '');
      await writeFile(work.file('issuer.pem'), issuer ?? '');
      work.openssl('verify', '-CAfile', 'issuer.pem', '-partial_chain', 'leaf.pem');
    });

    it('writes what may be had where the secret may not be read, and of disabled certificates', async () => {
      const certsOnly = work.sandbox.vaultOrigin('contoso-certs-only');
      const first = await done('downloadCertificate', {
        vault: certsOnly,
        name: 'no-secret-app',
        format: 'pem',
        output: work.file('a.pem'),
      });
      assert.equal(first.certificates, 1);
      await done('downloadCertificate', { vault: work.web, name: 'disabled-app', output: work.file('b.cer') });
      await refused(
        'downloadCertificate',
        { vault: work.web, name: 'pending-order', output: work.file('c.cer') },
        'creation-pending',
      );
      assert.deepEqual((await readdir(work.folder)).sort(), ['a.pem', 'b.cer']);
    });
  });

  describe('downloadWithKey', () => {
    for (const name of ['ciam-client-app', 'pem-app', 'issued-app']) {
      it(`writes a PFX that openssl opens: ${name}`, async () => {
        const { files } = await done('downloadWithKey', {
          vault: work.web,
          name,
          format: 'pfx',
          folder: work.folder,
          newPassword: password,
        });
        const pfx = files.pfx ?? '';
        assert.equal((await stat(pfx)).mode & 0o777, 0o600);
        const key = work.openssl('pkcs12', '-in', pfx, '-passin', `pass:${password}`, '-nocerts', '-nodes');
        await writeFile(work.file('key.pem'), key);
        assert.equal(
          work.openssl('pkey', '-in', 'key.pem', '-pubout'),
          publicKeyOf(x509Of(work.newest(name, 'contoso-web'))),
        );
        const certificates = work.openssl('pkcs12', '-in', pfx, '-passin', `pass:${password}`, '-nokeys');
        assert.equal(certificates.split('BEGIN CERTIFICATE').length - 1, name === 'issued-app' ? 2 : 1);
      });

      it(`writes certificate and encrypted key: ${name}`, async () => {
        const { files } = await done('downloadWithKey', {
          vault: work.web,
          name,
          format: 'pem',
          folder: work.folder,
          passphrase: 'generate',
        });
        const { certificate = '', privateKey = '', passphrase = '' } = files;
        for (const file of [privateKey, passphrase]) assert.equal((await stat(file)).mode & 0o777, 0o600);
        const phrase = (await readFile(passphrase, 'utf8')).trim();
        keepSecret(phrase);
        assert.match(await readFile(privateKey, 'utf8'), /BEGIN ENCRYPTED PRIVATE KEY/);
        const read = work.openssl('pkey', '-in', privateKey, '-passin', `file:${passphrase}`, '-pubout');
        assert.equal(read, work.openssl('x509', '-in', certificate, '-noout', '-pubkey'));
        assert.equal(read, publicKeyOf(x509Of(work.newest(name, 'contoso-web'))));
        assert.ok(!JSON.stringify(files).includes(phrase));
      });
    }

    it('has git ignore the key before it is there', async () => {
      execFileSync('git', ['init', '-q'], { cwd: work.folder });
      const wanted = {
        vault: work.web,
        name: 'pem-app',
        format: 'pem',
        folder: work.folder,
        fileName: 'mine',
        passphrase: 'none',
      } as const;
      await done('downloadWithKey', wanted);
      const untracked = execFileSync('git', ['status', '--porcelain', '-uall'], { cwd: work.folder }).toString();
      assert.match(untracked, /mine\.crt/);
      assert.doesNotMatch(untracked, /mine\.key/);
      await refused('downloadWithKey', wanted, 'file-exists');
    });

    it('recognises a key that cannot be had before anything is written', async () => {
      const to = { format: 'pem', folder: work.folder, passphrase: 'none' } as const;
      const certsOnly = work.sandbox.vaultOrigin('contoso-certs-only');
      const denied = await refused(
        'downloadWithKey',
        { vault: certsOnly, name: 'no-secret-app', ...to },
        'secret-get-denied',
      );
      assert.match(denied.message, /Key Vault Certificate User/);
      await refused('downloadWithKey', { vault: work.web, name: 'locked-app', ...to }, 'key-not-exportable');
      await refused('downloadWithKey', { vault: work.web, name: 'disabled-app', ...to }, 'certificate-disabled');
      await refused('downloadWithKey', { vault: work.web, name: 'pending-order', ...to }, 'creation-pending');
      await refused('downloadWithKey', { vault: work.web, name: 'ec-app', ...to }, 'key-is-ec');
      await refused('downloadWithKey', { vault: work.web, name: 'nowhere', ...to }, 'certificate-not-found');
      await refused(
        'downloadWithKey',
        { vault: work.web, name: 'pem-app', folder: work.folder, format: 'pfx' },
        'password-required',
      );
      await refused(
        'downloadWithKey',
        { vault: work.web, name: 'pem-app', ...to, fileName: '../up' },
        'invalid-options',
      );
      assert.deepEqual(await readdir(work.folder), []);
    });

    it('writes nothing where the answer is no key', async () => {
      work.sandbox.faults.add({
        kind: 'reply',
        surface: 'vault',
        path: '^/secrets/',
        status: 200,
        json: { id: `${work.web}/secrets/pem-app/0`, value: 'AAAA', contentType: 'application/x-pkcs12' },
      });
      await assert.rejects(
        Promise.resolve(
          call('downloadWithKey', {
            vault: work.web,
            name: 'pem-app',
            format: 'pem',
            folder: work.folder,
            passphrase: 'none',
          }),
        ),
        (error: Error & { code?: string }) =>
          /^[a-z]+(-[a-z0-9]+)+$/.test(error.code ?? '') && error.code !== 'unexpected-error',
      );
      assert.deepEqual(await readdir(work.folder), []);
    });
  });
});
