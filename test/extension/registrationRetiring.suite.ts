/** Retire Client Secret when something comes between: the secret is gone then, and everything else follows from that. */
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { copySample } from '../host/samples.ts';
import { done, refused } from './calling.ts';
import { developer, internalTool, useSandbox, workforceTenant } from './cloud.ts';
import type { CloudOfSuite } from './cloud.ts';
import { suite } from './runner.ts';

export const run = suite(() => {
  const folder = path.join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', 'retiring', 'app');
  const config = path.join(folder, 'src', 'msalConfig.js');
  const envFile = path.join(folder, '.env');
  let cloud: CloudOfSuite;

  before(async () => {
    cloud = await useSandbox({ az: developer });
    const { sandbox } = cloud;
    await mkdir(path.dirname(folder), { recursive: true });
    await copySample('workforce-esm', folder);
    const values = {
      CLOUD_INSTANCE: `${sandbox.entraOrigin}/`,
      TENANT_ID: workforceTenant,
      CLIENT_ID: internalTool,
      KNOWN_AUTHORITY: new URL(sandbox.entraOrigin).host,
      CLIENT_SECRET: sandbox.secrets['tool secret'] ?? '',
    };
    const lines = Object.entries(values).map(([name, value]) => `${name}="${value}"\n`);
    await writeFile(envFile, lines.join(''));
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(path.dirname(folder), { recursive: true, force: true });
    await cloud.close();
  });

  const tool = () => {
    const found = cloud.sandbox.state.directory.applications.find(({ appId }) => appId === internalTool);
    assert.ok(found);
    return found;
  };
  const env = () => readFile(envFile, 'utf8');

  it('closes the way back though a file could not be written, and the next run cleans up', async () => {
    const certificate = { kind: 'selfSigned', subject: 'CN=tool' } as const;
    await done('setUp', { config, certificate, keyFrom: 'file', passphrase: 'none', confirm: false });
    const keyId = tool().passwordCredentials.find(({ displayName }) => displayName === 'tool secret')?.keyId ?? '';
    const options = { config, application: internalTool, keyIds: [keyId], confirm: false };
    // Somebody saves the file right when the secret goes.
    let entries = tool().passwordCredentials;
    Object.defineProperty(tool(), 'passwordCredentials', {
      enumerable: true,
      configurable: true,
      get: () => entries,
      set: (left: typeof entries) => {
        entries = left;
        appendFileSync(envFile, 'PORT=1\n');
      },
    });
    const first = await done('retireSecret', options);
    assert.deepEqual([first.removed.map((one) => one.keyId), first.changed], [[keyId], []]);
    assert.ok(
      first.left.some(({ kind, file, message }) => kind === 'value' && file === envFile && message.includes('changed')),
    );
    assert.match(await env(), /CLIENT_SECRET/);
    assert.ok(!tool().passwordCredentials.some((one) => one.keyId === keyId));
    const code = await readFile(config, 'utf8');
    await refused('undoSetup', { config, confirm: false }, 'secret-retired');
    assert.equal(await readFile(config, 'utf8'), code);

    const second = await done('retireSecret', options);
    assert.ok(second.changed.includes(envFile));
    assert.doesNotMatch(await env(), /CLIENT_SECRET/);
    assert.match(await env(), /PORT=1/);
    assert.equal((await done('prove', { config })).ok, true);
  });
});
