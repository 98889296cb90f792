/** Certificates that come into a vault from outside: signed by a CA, imported from files, renewed. Against the sandbox. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { CommandOptions } from '../../src/ui/automation.ts';
import { Oid } from '../../src/certificates/oids.ts';
import { bag, certificateBag, pbmac1, pfx, plainSafe } from '../../src/certificates/testing/pfx.ts';
import { done, refused } from './calling.ts';
import { suite } from './runner.ts';
import { keepSecret } from './secrets.ts';
import { publicKeyOf, vaultWork } from './vaultWork.ts';

const password = 'password of this suite';
keepSecret(password);

export const run = suite(() => {
  const work = vaultWork();
  const create = (options: CommandOptions['createInVault']) => done('createInVault', { vault: work.dev, ...options });

  describe('a signing request', () => {
    const makeCa = () =>
      work.openssl(
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
      work.openssl(
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
        csrFile: work.file('signed.csr'),
      });
      assert.ok(result.status === 'waitingForMerge');
      assert.equal(result.files.csr, work.file('signed.csr'));
      assert.match(work.openssl('req', '-in', 'signed.csr', '-noout', '-verify', '-subject'), /signed/);
      sign('signed.csr', 'signed.pem');
      await writeFile(
        work.file('answer.pem'),
        (await readFile(work.file('ca.pem'), 'utf8')) + (await readFile(work.file('signed.pem'), 'utf8')),
      );
      const merged = await done('mergeSigned', { vault: work.dev, name: 'signed-app', file: work.file('answer.pem') });
      const x509 = new X509Certificate(await readFile(work.file('signed.pem')));
      assert.equal(merged.thumbprintSha256, x509.fingerprint256.replaceAll(':', ''));
      const fetched = await done('downloadWithKey', {
        vault: work.dev,
        name: 'signed-app',
        format: 'pem',
        folder: work.folder,
        passphrase: 'none',
      });
      assert.equal(work.openssl('pkey', '-in', fetched.files.privateKey ?? '', '-pubout'), publicKeyOf(x509));
      work.openssl('verify', '-CAfile', 'ca.pem', fetched.files.certificate ?? '');
      await refused(
        'mergeSigned',
        { vault: work.dev, name: 'signed-app', file: work.file('answer.pem') },
        'no-pending-creation',
      );
    });

    it('can be saved again, and does not replace a file', async () => {
      await create({ name: 'again-app', issuer: 'Unknown', csrFile: work.file('one.csr') });
      const { file } = await done('saveSigningRequest', {
        vault: work.dev,
        name: 'again-app',
        output: work.file('two.csr'),
      });
      assert.equal(await readFile(file, 'utf8'), await readFile(work.file('one.csr'), 'utf8'));
      await refused('saveSigningRequest', { vault: work.dev, name: 'again-app', output: file }, 'file-exists');
      const options = { vault: work.dev, name: 'other-app', issuer: 'Unknown', csrFile: file };
      await refused('createInVault', options, 'file-exists');
      assert.equal(
        work.sandbox.vault('contoso-dev').certificates['other-app'],
        undefined,
        'nothing was begun in the vault',
      );
    });

    it('is not answered by a certificate of another key, an expired one or a text', async () => {
      makeCa();
      await create({ name: 'picky-app', issuer: 'Unknown', csrFile: work.file('picky.csr') });
      await refused(
        'mergeSigned',
        { vault: work.dev, name: 'picky-app', file: work.file('ca.pem') },
        'key-does-not-match',
      );
      work.openssl(
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
      await refused('mergeSigned', { vault: work.dev, name: 'picky-app', file: work.file('old.pem') }, 'expired');
      await refused(
        'mergeSigned',
        { vault: work.dev, name: 'picky-app', file: work.file('missing.pem') },
        'file-not-found',
      );
      await writeFile(work.file('letter.pem'), 'Dear customer, your certificate is ready.');
      await refused(
        'mergeSigned',
        { vault: work.dev, name: 'picky-app', file: work.file('letter.pem') },
        'not-a-certificate-file',
      );
      assert.equal(work.stored('picky-app').pending?.status, 'inProgress');
    });
  });

  describe('importToVault', () => {
    beforeEach(() => {
      work.openssl(
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
      new X509Certificate(await readFile(work.file('local.crt'))).fingerprint256.replaceAll(':', '');
    const makePfx = (file: string, ...more: string[]) =>
      work.openssl(
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
        return Promise.resolve({ file: work.file('aes.pfx'), password });
      },
      'a PFX with 3DES and SHA-1': () => {
        makePfx('old.pfx', '-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1');
        return Promise.resolve({ file: work.file('old.pfx'), password });
      },
      'a PFX with PBMAC1': async () => {
        work.openssl(
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
        const { raw } = new X509Certificate(await readFile(work.file('local.crt')));
        const safe = plainSafe(bag(Oid.shroudedKeyBag, await readFile(work.file('local.p8'))), certificateBag(raw));
        await writeFile(
          work.file('pbmac.pfx'),
          pfx([safe], (content) => pbmac1(content, password)),
        );
        return { file: work.file('pbmac.pfx'), password };
      },
      'PEM with an encrypted key': async () => {
        work.openssl('pkcs8', '-topk8', '-in', 'local.key', '-out', 'local.enc', '-passout', `pass:${password}`);
        const text =
          (await readFile(work.file('local.enc'), 'utf8')) + (await readFile(work.file('local.crt'), 'utf8'));
        await writeFile(work.file('both.pem'), text.replaceAll('\n', '\r\n'));
        return { file: work.file('both.pem'), password };
      },
      'a certificate and a traditional key file': () => {
        work.openssl('rsa', '-in', 'local.key', '-traditional', '-out', 'rsa.key');
        return Promise.resolve({ file: work.file('local.crt'), privateKey: work.file('rsa.key') });
      },
    };
    for (const [index, [what, make]] of Object.entries(encodings).entries()) {
      it(`takes ${what}`, async () => {
        const name = `imported-${index}`;
        const result = await done('importToVault', {
          vault: work.dev,
          name,
          ...(await make()),
          tags: { from: 'suite' },
        });
        assert.equal(result.thumbprintSha256, await fingerprint());
        assert.deepEqual(result.tags, { from: 'suite' });
        const back = await done('downloadWithKey', {
          vault: work.dev,
          name,
          format: 'pem',
          folder: work.folder,
          passphrase: 'none',
        });
        assert.equal(
          work.openssl('pkey', '-in', back.files.privateKey ?? '', '-pubout'),
          work.openssl('pkey', '-in', 'local.key', '-pubout'),
        );
      });
    }

    it('keeps the key in the vault where that is wanted', async () => {
      const file = { file: work.file('local.crt'), privateKey: work.file('local.key') };
      await done('importToVault', {
        vault: work.dev,
        name: 'kept-app',
        ...file,
        exportable: false,
        contentType: 'pem',
        enabled: true,
      });
      assert.equal(work.stored('kept-app').policy.key_props.exportable, false);
      assert.equal(work.stored('kept-app').policy.secret_props.contentType, 'application/x-pem-file');
      const wanted = {
        vault: work.dev,
        name: 'kept-app',
        format: 'pem',
        folder: work.folder,
        passphrase: 'none',
      } as const;
      await refused('downloadWithKey', wanted, 'key-not-exportable');
    });

    it('refuses files that cannot serve before the vault is asked for anything', async () => {
      makePfx('aes.pfx');
      const requests = work.sandbox.log.length;
      const into = { vault: work.dev, name: 'refused-app' };
      await refused('importToVault', { ...into, file: work.file('aes.pfx') }, 'password-required');
      await refused(
        'importToVault',
        { ...into, file: work.file('aes.pfx'), password: 'not this one' },
        'wrong-password',
      );
      await refused('importToVault', { ...into, file: work.file('local.crt') }, 'no-private-key');
      work.openssl(
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
        { ...into, file: work.file('ec.crt'), privateKey: work.file('ec.key') },
        'key-is-ec',
      );
      work.openssl('req', '-new', '-key', 'local.key', '-subj', '/CN=old', '-out', 'old.csr');
      work.openssl('x509', '-req', '-in', 'old.csr', '-signkey', 'local.key', '-days', '-1', '-out', 'old.crt');
      await refused(
        'importToVault',
        { ...into, file: work.file('old.crt'), privateKey: work.file('local.key') },
        'expired',
      );
      assert.equal(work.sandbox.log.length, requests);
    });

    it('makes a new version of what is there only where that is wanted', async () => {
      const file = {
        vault: work.dev,
        name: 'twice-app',
        file: work.file('local.crt'),
        privateKey: work.file('local.key'),
      };
      await done('importToVault', file);
      await refused('importToVault', file, 'certificate-exists');
      await done('importToVault', { ...file, onConflict: 'newVersion' });
      assert.equal(work.stored('twice-app').versions.length, 2);
    });
  });

  describe('renewInVault', () => {
    it('makes a new version with the same policy and another key', async () => {
      const first = await create({ name: 'renewed-app', subject: 'CN=keeps', validityMonths: 7, tags: { a: 'b' } });
      const second = await done('renewInVault', { vault: work.dev, name: 'renewed-app', confirm: false });
      assert.ok(first.status === 'completed' && second.status === 'completed');
      assert.notEqual(second.thumbprintSha256, first.thumbprintSha256);
      assert.deepEqual(second.tags, { a: 'b' });
      assert.equal(work.stored('renewed-app').policy.x509_props.validity_months, 7);
      await refused('renewInVault', { vault: work.dev, name: 'nowhere', confirm: false }, 'certificate-not-found');
    });

    it('hands out a request where the issuer is outside', async () => {
      work.openssl(
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
      const file = { file: work.file('a.crt'), privateKey: work.file('a.key') };
      await done('importToVault', { vault: work.dev, name: 'outside-app', ...file });
      const result = await done('renewInVault', {
        vault: work.dev,
        name: 'outside-app',
        csrFile: work.file('new.csr'),
        confirm: false,
      });
      assert.equal(result.status, 'waitingForMerge');
      assert.match(work.openssl('req', '-in', 'new.csr', '-noout', '-subject'), /CN\s*=\s*a/);
    });
  });
});
