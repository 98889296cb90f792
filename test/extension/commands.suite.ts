/** Every command by its options, on real files in the open workspace: results as the design's table has them, errors with codes. */
import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { call, code, done, makeApp, refused, secret, snapshot } from './calling.ts';
import { suite } from './runner.ts';

export const run = suite(() => {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  let folder: string;
  let config: string;

  beforeEach(async () => {
    ({ folder, config } = await makeApp(workspace));
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(folder, { recursive: true, force: true });
  });

  const selfSigned = { kind: 'selfSigned', subject: 'CN=suite' } as const;

  describe('setUp', () => {
    it('sets the app up, says what it did, and undo brings every byte back', async () => {
      const before = await snapshot(folder);
      const result = await done('setUp', {
        config: vscode.Uri.file(config),
        certificate: selfSigned,
        keyFrom: 'file',
        passphrase: 'generate',
        register: false,
        confirm: false,
      });
      assert.equal(result.config, config);
      assert.equal(result.registered, false);
      assert.equal(result.proven, false);
      assert.ok(result.warnings.some((warning) => warning.code === 'not-registered'));
      const certificate = new X509Certificate(await readFile(result.files.certificate ?? ''));
      assert.equal(certificate.fingerprint256.replaceAll(':', ''), result.thumbprintSha256);
      assert.equal(certificate.fingerprint.replaceAll(':', ''), result.thumbprintSha1);
      assert.equal(new Date(result.notAfter).getTime(), new Date(certificate.validTo).getTime());
      assert.ok(result.changed.includes(config));
      assert.equal((await stat(result.files.privateKey ?? '')).mode & 0o777, 0o600);
      assert.match(await readFile(config, 'utf8'), /clientCertificate:/);
      const envAfter = await readFile(path.join(folder, '.env'), 'utf8');
      assert.ok(envAfter.includes(`CLIENT_SECRET=${secret}\n`), 'the secret stays active');
      const passphrase = /^CLIENT_CERTIFICATE_PASSPHRASE=(.*)$/m.exec(envAfter)?.[1];
      const key = createPrivateKey({
        key: await readFile(result.files.privateKey ?? '', 'utf8'),
        passphrase: passphrase ?? '',
      });
      assert.ok(certificate.checkPrivateKey(key));
      assert.ok(!JSON.stringify(result).includes(passphrase ?? '?'), 'the pass phrase is not in the result');

      const undone = await done('undoSetup', { config, confirm: false });
      assert.ok(undone.restored.includes(config));
      assert.deepEqual(await snapshot(folder), before);
    });

    it('puts the key into the environment', async () => {
      const result = await done('setUp', {
        config,
        register: false,
        certificate: selfSigned,
        keyFrom: 'environment',
        confirm: false,
      });
      assert.equal(result.files.privateKey, undefined);
      assert.ok(!JSON.stringify(result).includes('PRIVATE KEY'));
      assert.match(await readFile(config, 'utf8'), /clientCertificate/);
    });

    it('finds nothing to do the second time', async () => {
      const options = {
        config,
        certificate: selfSigned,
        keyFrom: 'file',
        passphrase: 'none',
        register: false,
        confirm: false,
      } as const;
      await done('setUp', options);
      const after = await snapshot(folder);
      await refused('setUp', options, 'nothing-to-do');
      assert.deepEqual(await snapshot(folder), after);
    });

    it('takes a certificate file with its key in another file', async () => {
      const made = await done('createSelfSigned', {
        subject: 'CN=mine',
        folder,
        name: 'mine',
        passphrase: 'pass phrase',
      });
      const certificate = {
        kind: 'file',
        file: made.files.certificate ?? '',
        privateKey: made.files.privateKey ?? '',
        password: 'pass phrase',
      } as const;
      const result = await done('setUp', {
        config,
        register: false,
        certificate,
        keyFrom: 'file',
        passphrase: 'none',
        confirm: false,
      });
      assert.equal(result.thumbprintSha256, made.thumbprintSha256);
    });

    it('uses the openssl of this machine', async () => {
      const certificate = { kind: 'openssl', subject: 'CN=from openssl', validityDays: 30 } as const;
      const result = await done('setUp', {
        config,
        register: false,
        certificate,
        keyFrom: 'file',
        passphrase: 'none',
        confirm: false,
      });
      const made = new X509Certificate(await readFile(result.files.certificate ?? ''));
      assert.equal(made.subject, 'CN=from openssl');
      assert.ok(
        result.warnings.some((warning) => /expire|valid/.test(warning.code)),
        JSON.stringify(result.warnings),
      );
    });

    it('refuses what cannot be done, by code, and changes nothing', async () => {
      const before = await snapshot(folder);
      const rest = { certificate: selfSigned, keyFrom: 'file', passphrase: 'none', confirm: false } as const;
      await refused('setUp', { ...rest, config: path.join(folder, 'package.json') }, 'no-app-config');
      await refused('setUp', { ...rest, config: path.join(folder, 'none.js') }, 'file-not-found');
      await refused('setUp', { ...rest, config: 'authConfig.js' }, 'invalid-options');
      await refused('setUp', { ...rest, config, passprase: 'x' } as never, 'invalid-options');
      await writeFile(path.join(folder, 'empty.pfx'), '');
      const file = { kind: 'file', file: path.join(folder, 'empty.pfx') } as const;
      await call('setUp', { ...rest, config, certificate: file }).then(
        () => assert.fail('an empty file was taken'),
        (error: unknown) => assert.match((error as { code?: string }).code ?? '', /^[a-z]+(-[a-z0-9]+)+$/),
      );
      await rm(path.join(folder, 'empty.pfx'));
      assert.deepEqual(await snapshot(folder), before);
    });

    it('refuses a document with unsaved changes', async () => {
      // In a browser VS Code saves by itself after a second.
      const files = vscode.workspace.getConfiguration('files');
      await files.update('autoSave', 'off', vscode.ConfigurationTarget.Global);
      try {
        const document = await vscode.workspace.openTextDocument(config);
        const editor = await vscode.window.showTextDocument(document);
        await editor.edit((edit) => {
          edit.insert(new vscode.Position(0, 0), '// unsaved\n');
        });
        await refused(
          'setUp',
          { config, certificate: selfSigned, keyFrom: 'file', passphrase: 'none', register: false, confirm: false },
          'unsaved-changes',
        );
        await vscode.commands.executeCommand('workbench.action.files.revert');
      } finally {
        await files.update('autoSave', undefined, vscode.ConfigurationTarget.Global);
      }
      assert.equal(await readFile(config, 'utf8'), code);
    });

    it('resolves to undefined when it is cancelled in the review, and leaves nothing behind', async () => {
      const before = await snapshot(folder);
      const pending = call('setUp', {
        config,
        register: false,
        certificate: selfSigned,
        keyFrom: 'file',
        passphrase: 'generate',
      });
      await until(() => openTabs().some((label) => label.startsWith('Review')));
      await vscode.commands.executeCommand('clientCertificate.cancelReview');
      assert.equal(await pending, undefined);
      assert.deepEqual(await snapshot(folder), before);
      assert.deepEqual(openTabs(), []);
    });

    it('stops after the key files with Rewrite Later, and goes on', async () => {
      const pending = call('setUp', {
        config,
        register: false,
        certificate: selfSigned,
        keyFrom: 'file',
        passphrase: 'generate',
      });
      await until(() => openTabs().some((label) => label.startsWith('Review')));
      await vscode.commands.executeCommand('clientCertificate.rewriteLater');
      const stopped = await pending;
      assert.ok(stopped);
      assert.ok(existsSync(stopped.files.privateKey ?? ''));
      assert.equal(await readFile(config, 'utf8'), code);
      await refused(
        'setUp',
        { config, certificate: selfSigned, keyFrom: 'file', passphrase: 'none', register: false, confirm: false },
        'setup-unfinished',
      );
      const result = await done('continueSetup', { config, confirm: false });
      assert.equal(result.thumbprintSha256, stopped.thumbprintSha256);
      assert.match(await readFile(config, 'utf8'), /clientCertificate:/);
      await refused('continueSetup', { config, confirm: false }, 'nothing-to-resume');
      await done('undoSetup', { config, confirm: false });
      assert.equal(await readFile(config, 'utf8'), code);
      await refused('undoSetup', { config, confirm: false }, 'nothing-to-undo');
    });

    it('applies with the button of the review, and closes its editors', async () => {
      const pending = call('setUp', {
        config,
        register: false,
        certificate: selfSigned,
        keyFrom: 'file',
        passphrase: 'none',
      });
      await until(() => openTabs().some((label) => label.startsWith('Review')));
      await vscode.commands.executeCommand('clientCertificate.applySetup');
      assert.ok((await pending)?.changed.includes(config));
      assert.deepEqual(openTabs(), []);
    });

    it('shows its own error and resolves to undefined when it is called from a menu', async () => {
      const uri = vscode.Uri.file(path.join(folder, 'package.json'));
      assert.equal(await vscode.commands.executeCommand('clientCertificate.setUp', uri, [uri]), undefined);
      await vscode.commands.executeCommand('notifications.clearAll');
    });
  });

  describe('useInApp', () => {
    it('rewrites once and has nothing to do then', async () => {
      const made = await done('createSelfSigned', { subject: 'CN=mine', folder, name: 'mine', passphrase: 'none' });
      const certificate = {
        kind: 'file',
        file: made.files.certificate ?? '',
        privateKey: vscode.Uri.file(made.files.privateKey ?? ''),
      } as const;
      const options = { config, certificate, keyFrom: 'file', passphrase: 'none', confirm: false } as const;
      const first = await done('useInApp', options);
      assert.equal(first.status, 'rewritten');
      assert.ok(first.changed.includes(config));
      const second = await done('useInApp', options);
      assert.deepEqual([second.status, second.changed], ['nothing-to-do', []]);
      const next = await done('createSelfSigned', { subject: 'CN=next', folder, name: 'next', passphrase: 'none' });
      const other = { kind: 'file', file: next.files.certificate ?? '' } as const;
      const before = await readFile(config, 'utf8');
      await refused('useInApp', { ...options, certificate: other }, 'app-has-other-certificate');
      const missing = { kind: 'file', file: path.join(folder, 'none.crt') } as const;
      await refused('useInApp', { ...options, certificate: missing }, 'file-not-found');
      assert.equal(await readFile(config, 'utf8'), before);
    });
  });

  describe('certificate commands', () => {
    it('createSelfSigned says that many directories refuse a long life', async () => {
      const options = { subject: 'CN=long', folder, passphrase: 'none' } as const;
      const codes = async (validityDays: number) =>
        (await done('createSelfSigned', { ...options, validityDays })).problems.map(({ code }) => code);
      assert.deepEqual(await codes(3650), ['validity-long']);
      assert.deepEqual(await codes(180), []);
    });

    it('createSelfSigned makes files; a generated pass phrase goes into a file of its own, never into the result', async () => {
      const made = await done('createSelfSigned', {
        subject: 'CN=mine, O=Contoso',
        validityDays: 90,
        keySize: 3072,
        folder: vscode.Uri.file(folder),
        name: 'mine',
        passphrase: 'generate',
      });
      assert.equal(made.keySize, 3072);
      assert.equal(made.subject, 'CN=mine, O=Contoso');
      const file = made.files.passphrase ?? '';
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      const passphrase = (await readFile(file, 'utf8')).trim();
      assert.ok(passphrase.length >= 20 && !JSON.stringify(made).includes(passphrase));
      const pem = await readFile(made.files.privateKey ?? '', 'utf8');
      assert.match(pem, /BEGIN ENCRYPTED PRIVATE KEY/);
      assert.doesNotThrow(() => createPrivateKey({ key: pem, passphrase }));
      await refused(
        'createSelfSigned',
        { subject: 'CN=mine', folder, name: 'mine', passphrase: 'none' },
        'file-exists',
      );
      await refused('createSelfSigned', { subject: 'CN=', folder, passphrase: 'none' }, 'invalid-options');
      await refused(
        'createSelfSigned',
        { subject: 'CN=x', folder, name: '../out', passphrase: 'none' },
        'invalid-options',
      );
    });

    it('createCsr and importSigned join a signed certificate to its key', async () => {
      const { files } = await done('createCsr', {
        subject: 'CN=signed',
        folder,
        name: 'signed',
        passphrase: 'secret words',
      });
      assert.match(await readFile(files.csr, 'utf8'), /BEGIN CERTIFICATE REQUEST/);
      const other = await done('createSelfSigned', { subject: 'CN=other', folder, name: 'other', passphrase: 'none' });
      await refused(
        'importSigned',
        { file: other.files.certificate ?? '', privateKey: files.privateKey, passphrase: 'secret words' },
        'key-does-not-match',
      );
      const right = { file: other.files.certificate ?? '', privateKey: other.files.privateKey ?? '' };
      const imported = await done('importSigned', right);
      assert.equal(imported.thumbprintSha256, other.thumbprintSha256);
      assert.ok(existsSync(imported.files.certificate ?? ''));
    });

    it('exportCertificate, inspectCertificate and extractPrivateKey agree about a PFX', async () => {
      const made = await done('createSelfSigned', { subject: 'CN=é 漢字', folder, name: 'mine', passphrase: 'none' });
      const file = made.files.certificate ?? '';
      const pfx = await done('exportCertificate', { file, format: 'pfx', newPassword: 'pässword' });
      assert.equal(path.basename(pfx.file), 'mine.pfx');
      assert.equal((await stat(pfx.file)).mode & 0o777, 0o600);
      await refused('inspectCertificate', { file: pfx.file }, 'password-required');
      const wrong = await refused('inspectCertificate', { file: pfx.file, password: 'wr0ng-pass' }, 'wrong-password');
      assert.ok(!`${wrong.message}${wrong.stack ?? ''}`.includes('wr0ng-pass'));
      const seen = await done('inspectCertificate', { file: pfx.file, password: 'pässword' });
      assert.equal(seen.thumbprintSha256, made.thumbprintSha256);
      assert.deepEqual([seen.subject, seen.hasPrivateKey, seen.keyMatches], ['CN=é 漢字', true, true]);
      const output = path.join(folder, 'new', 'out.key');
      const key = await done('extractPrivateKey', { file: pfx.file, password: 'pässword', output, passphrase: 'none' });
      assert.deepEqual(key, { file: output, encrypted: false, files: { privateKey: output } });
      assert.ok(new X509Certificate(await readFile(file)).checkPrivateKey(createPrivateKey(await readFile(output))));
      const cer = await done('exportCertificate', { file: pfx.file, password: 'pässword', format: 'cer' });
      assert.equal(new X509Certificate(await readFile(cer.file)).subject, 'CN=é 漢字');
      await refused('exportCertificate', { file, format: 'pfx' }, 'password-required');
      await refused('exportCertificate', { file, format: 'pfx', newPassword: '' }, 'password-required');
      await refused('exportCertificate', { file, format: 'pfx', newPassword: 'none' }, 'invalid-options');
      await refused('inspectCertificate', { file: path.join(folder, 'no.pfx') }, 'file-not-found');
      await refused('inspectCertificate', { file: folder }, 'is-a-folder');
    });
  });

  describe('looking', () => {
    it('findAppConfigs and checkApp describe the app', async () => {
      const found = await done('findAppConfigs', {});
      const mine = found.find((entry) => entry.file === config);
      assert.deepEqual(mine, {
        file: config,
        line: 7,
        credential: 'secret',
        moduleKind: 'commonjs',
        clientId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
        authority: 'https://contoso.ciamlogin.com/',
        msalVersion: '7.2.3',
      });
      const findings = await done('checkApp', { config });
      assert.deepEqual(
        findings.map(({ code: id, severity, line }) => [id, severity, line]),
        [
          // The tenant answers under its id, which this msal-node compares (facts on External ID).
          ['authority-rejected', 'warning', 6],
          ['secret-in-use', 'warning', 7],
        ],
      );
      await writeFile(config, code.replace('process.env.CLIENT_SECRET', `'${secret}'`));
      const worse = await done('checkApp', { config });
      assert.ok(worse.some(({ code: id, severity }) => id === 'secret-in-code' && severity === 'warning'));
      assert.ok(!JSON.stringify(worse).includes(secret));
    });

    it('inspectCertificate opens a view when it is called from a menu', async () => {
      const made = await done('createSelfSigned', { subject: 'CN=viewed', folder, name: 'mine', passphrase: 'none' });
      await vscode.commands.executeCommand(
        'clientCertificate.inspectCertificate',
        vscode.Uri.file(made.files.certificate ?? ''),
      );
      await until(() => openTabs().includes('CN=viewed'));
    });
  });
});

function openTabs(): string[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs).map((tab) => tab.label);
}

/** Waits for a change of the tabs until the condition holds. */
async function until(condition: () => boolean): Promise<void> {
  if (condition()) return;
  await new Promise<void>((resolve) => {
    const listener = vscode.window.tabGroups.onDidChangeTabs(() => {
      if (!condition()) return;
      listener.dispose();
      resolve();
    });
  });
}
