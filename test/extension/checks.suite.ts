/** When the checks look: at what is typed, at the whole workspace on demand, as a task. What they find: diagnostics.suite.ts. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { call, makeApp } from './calling.ts';
import { closeAll, open, shown, until } from './editing.ts';
import { suite } from './runner.ts';

export const run = suite(() => {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  let folder: string;
  let config: string;

  beforeEach(async () => {
    ({ folder, config } = await makeApp(workspace));
  });
  afterEach(async () => {
    await closeAll();
    await rm(folder, { recursive: true, force: true });
  });

  const app = (secret: string) => `const { ConfidentialClientApplication } = require('@azure/msal-node');
module.exports = new ConfidentialClientApplication({
  auth: {
    clientId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    authority: 'https://login.microsoftonline.com/7c9e6679-7425-40de-944b-e07fc1f90ae8',
    clientSecret: ${secret},
  },
});
`;

  it('follow what is typed, and say nothing of files without a config', async () => {
    const document = await open(config, app('process.env.CLIENT_SECRET'));
    await shown(document.uri, 'secret-in-use');
    const type = async (from: string, to: string) => {
      const edit = new vscode.WorkspaceEdit();
      const at = document.getText().indexOf(from);
      edit.replace(document.uri, new vscode.Range(document.positionAt(at), document.positionAt(at + from.length)), to);
      assert.ok(await vscode.workspace.applyEdit(edit));
    };
    await type('process.env.CLIENT_SECRET', `'abc~1.2'`);
    const [finding] = await shown(document.uri, 'secret-in-code');
    // Half-typed code: what was found stays until it can be read again.
    await type('auth: {', 'auth: ');
    await type(`'abc~1.2'`, 'process.env.OTHER');
    assert.deepEqual(await shown(document.uri, 'secret-in-code'), [finding]);
    await type('auth: ', 'auth: {');
    await shown(document.uri, 'secret-in-use');

    const other = await open(path.join(folder, 'other.js'), 'export const answer = 42;\n');
    await shown(other.uri);
  });

  it('look at the whole workspace on demand and as a task', async () => {
    // A misspelt credential keeps the app from signing in; a secret in the code does not.
    const misspelt = app(`'abc~1.2'`).replace('clientSecret', `ClientCertificate: {},\n    clientSecret`);
    await open(config, misspelt);
    await closeAll();
    const findings = await call('checkWorkspace', {});
    assert.ok(findings?.some(({ file, code }) => file === config && code === 'secret-in-code'));
    await shown(vscode.Uri.file(config), 'certificate-misspelt', 'secret-in-code');
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
});
