/** What a setup does to the app registration when it stops half-way, and what a retired secret does to other apps of the workspace. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { copySample } from '../host/samples.ts';
import type { Application } from '../sandbox/entra/directory.ts';
import { call, done, refused, snapshot } from './calling.ts';
import { developer, internalTool, useSandbox } from './cloud.ts';
import type { CloudOfSuite } from './cloud.ts';
import { until } from './editing.ts';
import { suite } from './runner.ts';
import { applicationIn, makeWorkforceApp, registeredAt } from './workforceApp.ts';

export const run = suite(() => {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  let cloud: CloudOfSuite;
  let folder: string;
  let config: string;
  let original: Pick<Application, 'keyCredentials' | 'passwordCredentials'>;
  let count = 0;

  before(async () => {
    cloud = await useSandbox({ az: developer });
    const { keyCredentials, passwordCredentials } = tool();
    original = structuredClone({ keyCredentials, passwordCredentials });
  });
  after(async () => {
    await cloud.close();
  });
  beforeEach(async () => {
    folder = path.join(workspace, 'jobs', `upload-${++count}`);
    config = await makeWorkforceApp(cloud, folder);
    Object.assign(tool(), structuredClone(original));
  });
  afterEach(async () => {
    const { graph } = cloud.sandbox;
    graph.policy = {};
    delete graph.onAccess;
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    // Forgets what was written: the next test begins with the registration as it was.
    await cloud.signInAs({ az: developer });
    await rm(folder, { recursive: true, force: true });
  });

  const tool = (): Application => applicationIn(cloud, internalTool);
  const wish = () =>
    ({
      config,
      certificate: { kind: 'selfSigned', subject: 'CN=tool' },
      keyFrom: 'file',
      passphrase: 'generate',
    }) as const;
  const unattended = () => ({ ...wish(), confirm: false });

  describe('Set Up Client Certificate', () => {
    const isReviewed = () =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).some(({ label }) => label.startsWith('Review'));
    const reviewed = () => until(isReviewed, () => 'the review is not open');
    const begin = () => call('setUp', wish());

    it('asks for rights and policy before the review', async () => {
      const { graph } = cloud.sandbox;
      graph.policy = { certificateLifetimeDays: 90 };
      const before = await snapshot(folder);
      let asked = 0;
      graph.onAccess = (moment) => {
        if (moment === 'beforeRead') asked++;
      };
      const cancelled = begin();
      await reviewed();
      assert.ok(asked > 0, 'the registration was not looked at before the review');
      assert.deepEqual(await snapshot(folder), before);
      await vscode.commands.executeCommand('clientCertificate.cancelReview');
      assert.equal(await cancelled, undefined);
    });

    it('keeps the key of a rewrite that is put off while a policy forbids the certificate', async () => {
      const { graph } = cloud.sandbox;
      graph.policy = { certificateLifetimeDays: 90 };
      const pending = begin();
      await reviewed();
      await vscode.commands.executeCommand('clientCertificate.rewriteLater');
      const stopped = await pending;
      assert.ok(stopped);
      assert.deepEqual([stopped.stopped, stopped.registered], [true, false]);
      assert.equal(stopped.warnings[0]?.code, 'policy-lifetime');
      graph.policy = {};
      const result = await done('continueSetup', { config, confirm: false });
      assert.deepEqual([result.registered, result.thumbprintSha256], [true, stopped.thumbprintSha256]);
    });

    it('takes its certificate back from the registration when the rewrite fails, and only that', async () => {
      const text = await readFile(config, 'utf8');
      const before = await snapshot(folder);
      const known = registeredAt(tool());
      let others = 0;
      cloud.sandbox.graph.onAccess = (moment) => {
        if (moment !== 'afterWrite' || others++ > 0) return;
        writeFileSync(config, `${text}\n// somebody works on\n`);
      };
      const failure = await refused('setUp', unattended(), 'file-changed');
      assert.doesNotMatch(failure.message, /stays registered/);
      assert.deepEqual([registeredAt(tool()), others], [known, 2]);
      await writeFile(config, text);
      assert.deepEqual(await snapshot(folder), before);
    });

    it('says that the certificate stays where it cannot be removed again', async () => {
      const text = await readFile(config, 'utf8');
      const { owners } = tool();
      cloud.sandbox.graph.onAccess = (moment) => {
        if (moment !== 'afterWrite') return;
        writeFileSync(config, `${text}\n// somebody works on\n`);
        Object.assign(tool(), { owners: [] });
      };
      const failure = await refused('setUp', unattended(), 'file-changed').finally(() => {
        Object.assign(tool(), { owners });
      });
      assert.match(failure.message, /stays registered without its private key.*Application Administrator/);
      assert.equal(registeredAt(tool()).length, original.keyCredentials.length + 1);
    });
  });

  describe('Retire Client Secret', () => {
    const options = () => {
      const found = tool().passwordCredentials.find(({ displayName }) => displayName === 'tool secret');
      return { application: internalTool, keyIds: [found?.keyId ?? ''], confirm: false };
    };
    let twin: string;
    let twinConfig: string;
    beforeEach(async () => {
      twin = path.join(folder, 'twin');
      await copySample('workforce-esm', twin);
      twinConfig = path.join(twin, 'src', 'msalConfig.js');
    });

    it('wants a proof of every app config that signs in to the registration', async () => {
      await writeFile(path.join(twin, '.env'), await readFile(path.join(folder, '.env'), 'utf8'));
      await done('setUp', unattended());
      await done('setUp', { ...unattended(), config: twinConfig, prove: false });
      for (const which of [{}, { config }]) {
        const error = await refused('retireSecret', { ...options(), ...which }, 'proof-needed');
        assert.match(error.message, /twin/);
      }
      assert.equal(tool().passwordCredentials.length, 2);
      assert.equal((await done('prove', { config: twinConfig })).ok, true);
      const result = await done('retireSecret', options());
      assert.equal(result.removed.length, 1);
    });
  });
});
