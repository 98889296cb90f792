/** The extension as VS Code has it: it activates, its commands are there and its lazily loaded parts load. Runs against the VSIX too. */
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as vscode from 'vscode';
import { suite } from './runner.ts';

const id = 'client-certificate-guide.client-certificate-guide';

interface Manifest {
  contributes: { commands: { command: string }[] };
}

export const run = suite(() => {
  describe('the extension', () => {
    const extension = vscode.extensions.getExtension(id);
    const [folder] = vscode.workspace.workspaceFolders ?? [];

    it('is there and activates', async () => {
      assert.ok(extension, `VS Code has no extension ${id}.`);
      await extension.activate();
      assert.equal(extension.isActive, true);
    });

    it('registers every command that its manifest contributes', async () => {
      const registered = new Set(await vscode.commands.getCommands(true));
      const contributed = (extension?.packageJSON as Manifest).contributes.commands.map(({ command }) => command);
      assert.ok(contributed.length > 0);
      assert.deepEqual(
        contributed.filter((command) => !registered.has(command)),
        [],
      );
    });

    it('has loaded nothing besides, although VS Code asks every extension for tasks', async () => {
      assert.ok(extension);
      const tasks = await vscode.tasks.fetchTasks({ type: 'clientCertificate' });
      assert.equal(tasks.length, vscode.workspace.workspaceFolders?.length);
      const loaded = Object.keys(createRequire(path.join(extension.extensionPath, 'package.json')).cache);
      const dist = path.join(extension.extensionPath, 'dist') + path.sep;
      assert.deepEqual(
        loaded.filter((file) => file.startsWith(dist)),
        [`${dist}extension.js`],
      );
    });

    it('finds the app configs of the sample apps', async () => {
      const found = await vscode.commands.executeCommand<{ file: string; credential: string }[]>(
        'clientCertificate.findAppConfigs',
        {},
      );
      assert.deepEqual(found.map(({ file, credential }) => [path.basename(file), credential]).sort(), [
        ['auth.ts', 'secret'],
        ['authConfig.js', 'secret'],
        ['msalConfig.js', 'secret'],
      ]);
    });

    it('makes a certificate and describes it', async () => {
      assert.ok(folder);
      const made = await vscode.commands.executeCommand<{
        thumbprintSha256: string;
        files: { certificate: string; privateKey: string };
      }>('clientCertificate.createSelfSigned', {
        subject: 'CN=smoke',
        folder: path.join(folder.uri.fsPath, 'certificates'),
        name: 'smoke',
        passphrase: 'none',
      });
      assert.match(readFileSync(made.files.privateKey, 'utf8'), /^-----BEGIN PRIVATE KEY-----/);
      if (process.platform !== 'win32') assert.equal(statSync(made.files.privateKey).mode & 0o777, 0o600);
      const described = await vscode.commands.executeCommand<Record<string, unknown>>(
        'clientCertificate.inspectCertificate',
        { file: vscode.Uri.file(made.files.certificate) },
      );
      assert.equal(described.thumbprintSha256, made.thumbprintSha256);
      assert.equal(described.subject, 'CN=smoke');
      assert.equal(described.selfSigned, true);
    });
  });
});
