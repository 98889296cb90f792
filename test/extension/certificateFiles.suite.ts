/** Certificate and key files with several certificates, or where the app has them already, by options. */
import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
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
