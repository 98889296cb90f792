/** Certificates that lie beside no key: whoever checks the app knows from the setup's journal when they end. And whoever checks asks git. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { call, done, makeApp } from './calling.ts';
import { closeAll, codeOf, open, ownDiagnostics, until } from './editing.ts';
import { suite } from './runner.ts';

const shortLived = { kind: 'selfSigned', subject: 'CN=known', validityDays: 20 } as const;

export const run = suite(() => {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  let folder: string;
  let config: string;

  beforeEach(async () => {
    ({ folder, config } = await makeApp(workspace));
  });
  afterEach(async () => {
    await percent(undefined);
    await closeAll();
    await rm(folder, { recursive: true, force: true });
  });

  /** Zero: a certificate expires soon from its first day on, however many days it lives. */
  async function percent(value: number | undefined): Promise<void> {
    const settings = vscode.workspace.getConfiguration('clientCertificate.expiry');
    await settings.update('warningPercent', value, vscode.ConfigurationTarget.Global);
  }
  async function setUp(keyFrom: 'file' | 'environment'): Promise<void> {
    const passphrase = keyFrom === 'environment' ? { passphrase: 'none' } : {};
    const options = { config, certificate: shortLived, keyFrom, ...passphrase, register: false, confirm: false };
    await done('setUp', options);
  }
  const tool = async (): Promise<string[]> => {
    const name = 'client-certificate_checkCredential';
    const result = await vscode.lm.invokeTool(name, { input: {}, toolInvocationToken: undefined });
    const text = result.content
      .map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : ''))
      .join('');
    const { apps } = JSON.parse(text) as { apps: { file: string; findings: { code: string }[] }[] };
    const app = apps.find(({ file }) => config.endsWith(file));
    return (app?.findings ?? []).map(({ code }) => code);
  };
  const command = async () => (await call('checkApp', { config }))?.map(({ code }) => code) ?? [];
  const whole = async () =>
    ((await call('checkWorkspace', {})) ?? []).filter(({ file }) => file === config).map(({ code }) => code);

  /** What they say of its end alone: the sample app has other faults. */
  const all = async () =>
    [await command(), await whole(), await tool()].map((found) => found.filter((code) => code.startsWith('expire')));
  const told = (uri: vscode.Uri, times: number) => {
    const found = () => ownDiagnostics(uri).filter((each) => codeOf(each) === 'expires-soon').length;
    return until(
      () => found() === times,
      () => `told ${found()} times instead of ${times}`,
    );
  };

  it('are judged alike by editor, commands, tool and task, and by the settings', async () => {
    await setUp('environment');
    await percent(0);
    // First of all: nobody else has put anything into the Problems view yet.
    const [task] = await vscode.tasks.fetchTasks({ type: 'clientCertificate' });
    assert.ok(task !== undefined);
    const codes = () => vscode.languages.getDiagnostics(vscode.Uri.file(config)).map(codeOf);
    await vscode.tasks.executeTask(task);
    await until(
      () => codes().includes('expires-soon'),
      () => `the task found ${codes().join()}`,
    );
    await percent(undefined);

    assert.deepEqual(await all(), [[], [], []]);
    await percent(0);
    const soon = ['expires-soon'];
    assert.deepEqual(await all(), [soon, soon, soon]);
    const document = await open(config, await readFile(config, 'utf8'));
    // What the task found stays beside it until the task is run again.
    await told(document.uri, 2);
    // The editor follows the setting without a key being pressed.
    await percent(undefined);
    await told(document.uri, 1);
  });

  it('and a key that git tracks is told by all of them', async () => {
    await setUp('file');
    const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { stdio: 'ignore' });
    git('init', '-q');
    git('add', '-f', path.join(folder, 'certs'));
    for (const codes of [await command(), await whole(), await tool()])
      assert.ok(codes.includes('key-file-tracked'), codes.join());
  });
});
