/** Findings in a real editor: each appears at its place, its quick fix makes it go away, the file still parses; lens, hover, status and task. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { call, done, makeApp } from './calling.ts';
import { suite } from './runner.ts';

export const run = suite(() => {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  let folder: string;
  let config: string;
  let sha256: string;
  let sha1: string;

  beforeEach(async () => {
    ({ folder, config } = await makeApp(workspace));
    await mkdir(path.join(folder, 'node_modules/@azure/msal-node'), { recursive: true });
    await writeFile(path.join(folder, 'node_modules/@azure/msal-node/package.json'), '{"version":"7.2.3"}');
    await writeFile(path.join(folder, 'package.json'), '{"dependencies":{"@azure/msal-node":"7.2.3"}}');
    const made = await done('createSelfSigned', {
      subject: 'CN=checked',
      folder: path.join(folder, 'certs'),
      name: 'app',
      passphrase: 'none',
    });
    sha256 = made.thumbprintSha256 ?? '';
    sha1 = made.thumbprintSha1 ?? '';
    await writeFile(path.join(folder, '.env'), `THUMBPRINT=${sha256}\n`);
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(folder, { recursive: true, force: true });
  });

  const app = (credential: string) => `require('dotenv').config();
const { ConfidentialClientApplication } = require('@azure/msal-node');
const { readFileSync } = require('node:fs');
module.exports = new ConfidentialClientApplication({
  auth: {
    clientId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    authority: 'https://login.microsoftonline.com/7c9e6679-7425-40de-944b-e07fc1f90ae8',
    ${credential}
  },
});
`;
  const block = (thumbprint: string, property = 'thumbprintSha256', file = 'certs/app.key') =>
    app(`clientCertificate: { ${property}: ${thumbprint}, privateKey: readFileSync('${file}', 'utf8') },`);

  async function open(text: string): Promise<vscode.TextDocument> {
    await writeFile(config, text);
    const document = await vscode.workspace.openTextDocument(config);
    await vscode.window.showTextDocument(document);
    return document;
  }

  /** Waits until the editor shows exactly these findings. */
  async function shown(uri: vscode.Uri, ...codes: string[]): Promise<vscode.Diagnostic[]> {
    const own = () => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Client Certificate');
    const names = () =>
      own()
        .map(({ code }) => String(typeof code === 'object' ? code.value : code))
        .sort()
        .join();
    await until(
      () => names() === [...codes].sort().join(),
      () => `shown: ${names()}, expected: ${codes.join()}`,
    );
    return own();
  }

  async function until(isTrue: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
    const end = Date.now() + 20_000;
    while (!(await isTrue())) {
      assert.ok(Date.now() < end, what());
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async function fixesOf(document: vscode.TextDocument, diagnostic: vscode.Diagnostic): Promise<vscode.CodeAction[]> {
    const all = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      diagnostic.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    // Those of other extensions name no diagnostic either when they come back from this command.
    const titles = /property|thumbprint|key file|Set Up|Rotate/;
    return all.filter(({ title }) => titles.test(title));
  }

  async function applied(action: vscode.CodeAction | undefined): Promise<void> {
    assert.ok(action !== undefined, 'no quick fix');
    if (action.edit !== undefined) assert.ok(await vscode.workspace.applyEdit(action.edit));
    if (action.command !== undefined)
      await vscode.commands.executeCommand(action.command.command, ...((action.command.arguments ?? []) as unknown[]));
  }

  it('tells a secret in the code where it stands, with a link to its explanation and the way out', async () => {
    const document = await open(app(`clientSecret: 'abc~1.2',`));
    const [finding] = await shown(document.uri, 'secret-in-code');
    assert.ok(finding !== undefined);
    assert.equal(document.getText(finding.range), `'abc~1.2'`);
    assert.equal(finding.severity, vscode.DiagnosticSeverity.Error);
    assert.ok(typeof finding.code === 'object');
    const { target } = finding.code;
    const line = Number(target.fragment.slice(1));
    assert.match((await readFile(target.fsPath, 'utf8')).split('\n')[line - 1] ?? '', /^- `secret-in-code`: /);
    const [fix] = await fixesOf(document, finding);
    assert.equal(fix?.command?.command, 'clientCertificate.setUp');
  });

  const edits: [string, () => string, string][] = [
    ['colons', () => block(`'${(sha256.match(/../g) ?? []).join(':')}'`), 'thumbprint-not-hex'],
    ['an invisible character', () => block(`'\u200e${sha256}'`), 'thumbprint-invisible-character'],
    ['SHA-1 as SHA-256', () => block(`'${sha1}'`), 'thumbprint-sha1-as-sha256'],
    ['the SHA-1 property', () => block(`'${sha1}'`, 'thumbprint'), 'thumbprint-sha1'],
    ['a thumbprint of nothing', () => block(`'${'AB'.repeat(32)}'`), 'thumbprint-of-other-certificate'],
    [
      'a misspelt property',
      () => block('process.env.THUMBPRINT').replace('clientC', 'ClientC'),
      'certificate-misspelt',
    ],
  ];
  for (const [title, text, code] of edits) {
    it(`corrects ${title}`, async () => {
      await protectKey();
      const document = await open(text());
      const [finding] = await shown(document.uri, code);
      assert.ok(finding !== undefined);
      await applied((await fixesOf(document, finding))[0]);
      await shown(document.uri);
      const [found] = await done('findAppConfigs', {});
      assert.ok(found !== undefined, 'the file still is a config');
    });
  }

  it('corrects a thumbprint in .env', async () => {
    await protectKey();
    await writeFile(path.join(folder, '.env'), `THUMBPRINT=${(sha256.match(/../g) ?? []).join(' ')}\n`);
    const document = await open(block('process.env.THUMBPRINT'));
    const [finding] = await shown(document.uri, 'thumbprint-not-hex');
    assert.ok(finding !== undefined);
    assert.equal(finding.relatedInformation?.[0]?.location.uri.fsPath, path.join(folder, '.env'));
    await applied((await fixesOf(document, finding))[0]);
    const env = await vscode.workspace.openTextDocument(path.join(folder, '.env'));
    assert.equal(env.getText(), `THUMBPRINT=${sha256}\n`);
    await env.save();
    await shown(document.uri);
  });

  it('protects a key that others can read, and keeps it out of git', async function () {
    if (process.platform === 'win32') this.skip();
    const key = path.join(folder, 'certs/app.key');
    execFileSync('git', ['-C', folder, 'init'], { stdio: 'ignore' });
    await rm(path.join(folder, 'certs/.gitignore'), { force: true });
    await rm(path.join(folder, '.gitignore'), { force: true });
    await chmod(key, 0o644);
    const document = await open(block('process.env.THUMBPRINT'));
    const found = await shown(document.uri, 'key-file-readable', 'key-file-not-ignored');
    for (const title of ['Allow the key file to its owner only', 'Add the key file to .gitignore']) {
      const fixes = (await Promise.all(found.map((each) => fixesOf(document, each)))).flat();
      await applied(fixes.find((fix) => fix.title === title));
    }
    await shown(document.uri);
    assert.equal((await stat(key)).mode & 0o777, 0o600);
  });

  it('follows what is typed, and says nothing of files without a config', async () => {
    await protectKey();
    const document = await open(block('process.env.THUMBPRINT'));
    const lenses = async () =>
      (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 10)).map(
        (lens) => lens.command?.title ?? '',
      );
    await until(
      async () => (await lenses()).some((title) => /expires in 36\d days · SHA-256/.test(title)),
      () => 'no lens',
    );
    assert.ok((await lenses()).includes('Prove Sign-In'));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      document.positionAt(document.getText().indexOf('clientCertificate') + 3),
    );
    const text = hovers.flatMap(({ contents }) =>
      contents.map((each) => (each instanceof vscode.MarkdownString ? each.value : '')),
    );
    assert.ok(
      text.some((each) => each.includes(sha256)),
      text.join(),
    );
    const edit = new vscode.WorkspaceEdit();
    const at = document.getText().indexOf('process.env.THUMBPRINT');
    edit.replace(
      document.uri,
      new vscode.Range(document.positionAt(at), document.positionAt(at + 'process.env.THUMBPRINT'.length)),
      `'AA:BB'`,
    );
    await vscode.workspace.applyEdit(edit);
    await shown(document.uri, 'thumbprint-not-hex');
    await vscode.workspace.getConfiguration().update('clientCertificate.codeLens', false);
    await until(
      async () => (await lenses()).length === 0,
      () => 'lens still there',
    );
    await vscode.workspace.getConfiguration().update('clientCertificate.codeLens', undefined);

    const other = path.join(folder, 'other.js');
    await writeFile(other, 'export const answer = 42;\n');
    await vscode.window.showTextDocument(vscode.Uri.file(other));
    await shown(vscode.Uri.file(other));
  });

  it('checks the whole workspace on demand and as a task', async () => {
    await open(app(`clientSecret: 'abc~1.2',`));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const findings = await call('checkWorkspace', {});
    assert.ok(findings?.some(({ file, code }) => file === config && code === 'secret-in-code'));
    await shown(vscode.Uri.file(config), 'secret-in-code');
    const [task] = await vscode.tasks.fetchTasks({ type: 'clientCertificate' });
    assert.ok(task !== undefined);
    const ended = new Promise<number | undefined>((resolve) => {
      const listener = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        if (execution.task.name !== task.name) return;
        listener.dispose();
        resolve(exitCode);
      });
    });
    await vscode.tasks.executeTask(task);
    assert.equal(await ended, 1);
    await until(
      () => vscode.languages.getDiagnostics(vscode.Uri.file(config)).some(({ code }) => code === 'secret-in-code'),
      () => 'the problem matcher found nothing',
    );
  });

  async function protectKey(): Promise<void> {
    await writeFile(path.join(folder, '.gitignore'), '*.key\n.env\n');
  }
});
