/** The view "This Workspace" by its command: what is known offline, what code, vault and app registration say together, on the sandbox. */
import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { WorkspaceApp } from '../../src/ui/automation/workspace.ts';
import { copySample } from '../host/samples.ts';
import { done } from './calling.ts';
import { developer, internalTool, useSandbox, workforceTenant } from './cloud.ts';
import type { CloudOfSuite } from './cloud.ts';
import { suite } from './runner.ts';

export const run = suite(() => {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const folder = path.join(workspace, 'viewed');
  const config = path.join(folder, 'src', 'msalConfig.js');
  let cloud: CloudOfSuite;

  before(async () => {
    cloud = await useSandbox({ az: developer });
    const { sandbox } = cloud;
    await copySample('workforce-esm', folder);
    const values = {
      CLOUD_INSTANCE: `${sandbox.entraOrigin}/`,
      TENANT_ID: workforceTenant,
      CLIENT_ID: internalTool,
      KNOWN_AUTHORITY: new URL(sandbox.entraOrigin).host,
      CLIENT_SECRET: sandbox.secrets['tool secret'] ?? '',
    };
    const lines = Object.entries(values).map(([name, value]) => `${name}="${value}"\n`);
    await writeFile(path.join(folder, '.env'), lines.join(''));
    sandbox.graph.credentialDelaySeconds = 0;
  });
  after(async () => {
    await cloud.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function look(ask: boolean): Promise<WorkspaceApp> {
    const apps = await done('refreshWorkspace', { ask });
    const app = apps.find((one) => one.config === config);
    assert.ok(app, JSON.stringify(apps));
    return app;
  }
  const states = ({ steps }: WorkspaceApp) => steps.map(({ step, state }) => `${step} ${state}`);
  const commandOf = ({ steps }: WorkspaceApp, wanted: string) => steps.find(({ step }) => step === wanted)?.command;
  const codes = ({ problems }: WorkspaceApp) => problems.map(({ code }) => code);
  const tool = () => {
    const found = cloud.sandbox.state.directory.applications.find(({ appId }) => appId === internalTool);
    assert.ok(found);
    return found;
  };

  it('shows an app with a secret at the beginning of its way, and asks nobody', async () => {
    cloud.sandbox.tokenRequests.length = 0;
    const app = await look(false);
    assert.deepEqual(states(app), [
      'certificate next',
      'uploaded todo',
      'rewritten todo',
      'proven todo',
      'retired todo',
    ]);
    assert.equal(commandOf(app, 'certificate'), 'setUp');
    assert.deepEqual(app.notAsked, []);
    assert.equal(cloud.sandbox.tokenRequests.length, 0);
  });

  it('says which setup waits, and that the upload is next', async () => {
    await cloud.signInAs('nobody');
    const certificate = { kind: 'selfSigned', subject: 'CN=viewed' } as const;
    const result = await done('setUp', { config, certificate, keyFrom: 'file', passphrase: 'none', confirm: false });
    assert.equal(result.stopped, true);
    const app = await look(false);
    assert.deepEqual(states(app).slice(0, 3), ['certificate done', 'uploaded next', 'rewritten todo']);
    assert.equal(commandOf(app, 'uploaded'), 'upload');
    await cloud.signInAs({ az: developer });
  });

  it('ticks off what is so after the setup, and tells the secret that is still alive', async () => {
    const result = await done('continueSetup', { config, confirm: false });
    assert.equal(result.proven, true);
    const offline = await look(false);
    assert.deepEqual(states(offline).slice(0, 4), [
      'certificate done',
      'uploaded done',
      'rewritten done',
      'proven done',
    ]);
    const app = await look(true);
    assert.equal(states(app).at(-1), 'retired problem');
    assert.equal(commandOf(app, 'retired'), 'retireSecret');
    assert.ok(codes(app).includes('secret-alive'));
    assert.ok(!codes(app).includes('not-registered'));
  });

  it('keeps the answer when nobody is signed in, and says whom it could not ask', async () => {
    await cloud.signInAs('nobody');
    const app = await look(true);
    assert.equal(states(app)[1], 'uploaded done');
    assert.ok(codes(app).includes('secret-alive'));
    assert.deepEqual(
      app.notAsked.map(({ what }) => what),
      ['registration'],
    );
    assert.match(app.notAsked[0]?.code ?? '', /not-signed-in|sign-in-failed/);
    await cloud.signInAs({ az: developer });
  });

  it('sees that somebody has taken the certificate out of the app registration', async () => {
    const kept = tool().keyCredentials;
    tool().keyCredentials = [];
    try {
      const app = await look(true);
      assert.equal(states(app)[1], 'uploaded problem');
      assert.equal(commandOf(app, 'uploaded'), 'upload');
      assert.ok(codes(app).includes('not-registered'));
    } finally {
      tool().keyCredentials = kept;
    }
  });

  it('ends when the secret is retired', async () => {
    tool().passwordCredentials = [];
    const app = await look(true);
    assert.deepEqual(
      app.steps.map(({ state }) => state),
      ['done', 'done', 'done', 'done', 'done'],
      JSON.stringify(app),
    );
  });

  it('opens the walkthrough', async () => {
    assert.deepEqual(await done('openWalkthrough', {}), {});
    assert.ok(vscode.window.tabGroups.all.some(({ tabs }) => tabs.length > 0));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});
