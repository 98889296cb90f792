/** Certificate and key files with several certificates, or where the app has them already, by options. */
import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { done, makeApp, refused, snapshot } from './calling.ts';
import { suite } from './runner.ts';

export const run = suite(() => {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  let folder: string;
  let config: string;

  beforeEach(async () => {
    ({ folder, config } = await makeApp(workspace));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  describe('certificate files', () => {
    it('refers to a key and a certificate that lie in the app already', async () => {
      const certs = path.join(folder, 'certs');
      const made = await done('createSelfSigned', {
        subject: 'CN=mine',
        folder: certs,
        name: 'mine',
        passphrase: 'none',
      });
      const [file, privateKey] = [made.files.certificate ?? '', made.files.privateKey ?? ''];
      const before = await snapshot(folder);
      for (let run = 1; run <= 2; run++) {
        await done('useInApp', {
          config,
          certificate: { kind: 'file', file, privateKey },
          keyFrom: 'file',
          passphrase: 'none',
          confirm: false,
        });
        assert.deepEqual((await readdir(certs)).sort(), ['mine.crt', 'mine.key']);
        assert.match(
          await readFile(path.join(folder, '.env'), 'utf8'),
          /^CLIENT_CERTIFICATE_KEY_PATH=certs\/mine\.key$/m,
        );
        await done('undoSetup', { config, confirm: false });
        assert.deepEqual(await snapshot(folder), before);
      }
    });

    it('createSelfSigned writes the forms that are asked for, also with OpenSSL, and never loses the key', async () => {
      const all = { subject: 'CN=forms', folder, passphrase: 'generate', formats: ['crt', 'cer', 'pfx'] } as const;
      for (const kind of ['selfSigned', 'openssl'] as const) {
        const { files, thumbprintSha256 = '' } = await done('createSelfSigned', { ...all, kind, name: kind });
        const password = (await readFile(files.passphrase ?? '', 'utf8')).trim();
        const inPfx = await done('inspectCertificate', { file: files.pfx ?? '', password });
        assert.deepEqual([inPfx.thumbprintSha256, inPfx.keyMatches], [thumbprintSha256, true]);
        const der = new X509Certificate(await readFile(files.cer ?? ''));
        assert.equal(der.fingerprint256.replaceAll(':', ''), thumbprintSha256);
        assert.deepEqual(der.raw, new X509Certificate(await readFile(files.certificate ?? '')).raw);
        const key = createPrivateKey({ key: await readFile(files.privateKey ?? ''), passphrase: password });
        assert.ok(der.checkPrivateKey(key));
        assert.equal((await stat(files.pfx ?? '')).mode & 0o777, 0o600);
      }
      const alone = {
        subject: 'CN=alone',
        folder,
        name: 'alone',
        formats: ['pfx'],
        pfxPassword: 'secret words',
      } as const;
      const { files } = await done('createSelfSigned', alone);
      assert.deepEqual(Object.keys(files), ['pfx']);
      assert.ok(!existsSync(path.join(folder, 'alone.key')) && !existsSync(path.join(folder, 'alone.passphrase')));
      const opened = await done('inspectCertificate', { file: files.pfx ?? '', password: 'secret words' });
      assert.equal(opened.keyMatches, true);
      const given = { subject: 'CN=lost', folder, name: 'lost' } as const;
      await refused('createSelfSigned', { ...given, formats: ['cer'] }, 'invalid-options');
      await refused('createSelfSigned', { ...given, formats: ['pem' as 'crt'] }, 'invalid-options');
      await refused('createSelfSigned', { ...given, formats: ['pfx'], passphrase: 'none' }, 'password-required');
      assert.ok(!(await readdir(folder)).some((name) => name.startsWith('lost')));
    });

    it('extractPrivateKey and exportCertificate take the certificate of several that is named', async () => {
      const [first, second] = [
        await done('createSelfSigned', { subject: 'CN=first', folder, name: 'first', passphrase: 'none' }),
        await done('createSelfSigned', { subject: 'CN=second', folder, name: 'second', passphrase: 'none' }),
      ];
      const all = [first, second].flatMap(({ files }) => [files.certificate ?? '', files.privateKey ?? '']);
      const file = path.join(folder, 'several.pem');
      await writeFile(file, (await Promise.all(all.map((each) => readFile(each, 'utf8')))).join(''));
      await refused('extractPrivateKey', { file, passphrase: 'none' }, 'several-certificates');
      await refused('exportCertificate', { file, format: 'cer' }, 'several-certificates');
      const { thumbprintSha256 = '' } = second;
      const key = await done('extractPrivateKey', { file, thumbprintSha256, passphrase: 'none' });
      const { file: cer } = await done('exportCertificate', { file, thumbprintSha256, format: 'cer' });
      const certificate = new X509Certificate(await readFile(cer));
      assert.equal(certificate.subject, 'CN=second');
      assert.ok(certificate.checkPrivateKey(createPrivateKey(await readFile(key.file, 'utf8'))));
      assert.equal((await done('inspectCertificate', { file, thumbprintSha256 })).subject, 'CN=second');
    });
  });
});
