/** Rotate Certificate of apps whose certificate is in a vault, on the sandbox: pinned, following, and where the vault has renewed by itself. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { copySample } from '../host/samples.ts';
import { done, refused } from './calling.ts';
import { developer, internalTool, useSandbox, workforceTenant } from './cloud.ts';
import type { CloudOfSuite } from './cloud.ts';
import { withoutGrace } from './grace.ts';
import { suite } from './runner.ts';

/** What a rewritten app needs, so that nothing has to be installed here. */
const packages = {
  '@azure/identity': '^4.13.0',
  '@azure/keyvault-certificates': '^4.10.0',
  '@azure/keyvault-keys': '^4.10.0',
  '@azure/keyvault-secrets': '^4.10.0',
};
const twoDays = 2 * 86_400;

export const run = suite(() => {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  let cloud: CloudOfSuite;
  let folder: string;
  let config: string;
  let name: string;
  let count = 0;

  before(async () => {
    cloud = await useSandbox({ az: developer });
  });
  after(async () => {
    await cloud.close();
  });
  beforeEach(async () => {
    const { sandbox } = cloud;
    name = `rotated-${++count}`;
    folder = path.join(workspace, 'rotations', `app-${count}`);
    await mkdir(path.dirname(folder), { recursive: true });
    await copySample('workforce-esm', folder);
    config = path.join(folder, 'src', 'msalConfig.js');
    const values = {
      CLOUD_INSTANCE: `${sandbox.entraOrigin}/`,
      TENANT_ID: workforceTenant,
      CLIENT_ID: internalTool,
      KNOWN_AUTHORITY: new URL(sandbox.entraOrigin).host,
      CLIENT_SECRET: sandbox.secrets['tool secret'] ?? '',
    };
    const lines = Object.entries(values).map(([variable, value]) => `${variable}="${value}"\n`);
    await writeFile(path.join(folder, '.env'), lines.join(''));
    const manifest = path.join(folder, 'package.json');
    const json = JSON.parse(await readFile(manifest, 'utf8')) as { dependencies: Record<string, string> };
    Object.assign(json.dependencies, packages);
    await writeFile(manifest, JSON.stringify(json, undefined, 2));
    const vault = sandbox.vault('contoso-dev');
    vault.grants = [{ principal: '*', role: 'Key Vault Administrator' }];
    Object.assign(vault.behaviour, { creationSeconds: 0, creationRetryAfter: 0, deletionLagSeconds: 0 });
    tool().keyCredentials = [];
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(path.dirname(folder), { recursive: true, force: true });
  });

  function tool() {
    const found = cloud.sandbox.state.directory.applications.find(({ appId }) => appId === internalTool);
    assert.ok(found);
    return found;
  }
  const sha256 = (base64: string) =>
    createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex').toUpperCase();
  const registered = () => tool().keyCredentials.map(({ key }) => sha256(key));
  const versions = () => cloud.sandbox.vault('contoso-dev').certificates[name]?.versions ?? [];
  /** Thumbprints of the vault's versions, oldest first. */
  const thumbprints = () => versions().map(({ cer }) => sha256(cer));
  const env = () => readFile(path.join(folder, '.env'), 'utf8');
  /** Time passes for the vault's versions. */
  const age = () => {
    for (const version of versions()) Object.assign(version, { created: version.created - twoDays });
  };
  const inVault = () => ({ vault: cloud.sandbox.vaultOrigin('contoso-dev'), name });
  const proves = async (file = config) => (await done('prove', { config: file, patience: 0 })).ok;

  for (const keyFrom of ['keyVault', 'keyVaultSign'] as const)
    describe(keyFrom, () => {
      const setUp = async (version: 'latest' | 'pinned') => {
        const pinned = { kind: 'vaultNew', ...inVault() } as const;
        if (version === 'pinned') return done('setUp', { config, certificate: pinned, keyFrom, confirm: false });
        await done('createInVault', { ...inVault(), exportable: keyFrom === 'keyVault', confirm: false });
        const certificate = { kind: 'vault', ...inVault(), version } as const;
        return done('setUp', { config, certificate, keyFrom, confirm: false });
      };

      it('has the vault make a new version, registers it, changes the one variable and proves it', async () => {
        const first = await setUp('pinned');
        assert.deepEqual([first.registered, first.proven], [true, true], JSON.stringify(first));
        const result = await done('rotate', { config, confirm: false });
        assert.equal(versions().length, 2);
        assert.deepEqual([result.registered, result.proven], [true, true], JSON.stringify(result));
        assert.deepEqual(result.replaced.thumbprintSha256, first.thumbprintSha256);
        assert.deepEqual([...registered()].sort(), [...thumbprints()].sort());
        assert.ok((await env()).includes(versions()[1]?.id ?? '-'));
        assert.ok(!(await env()).includes(versions()[0]?.id ?? '-'));
        // Somebody goes back to the old version by hand: then that is what the app signs in with.
        const rotated = await env();
        await writeFile(path.join(folder, '.env'), rotated.replace(versions()[1]?.id ?? '-', versions()[0]?.id ?? '-'));
        const old = { config, confirm: false, thumbprintSha256: first.thumbprintSha256 };
        await refused('removeOldCertificate', { config, confirm: false }, 'thumbprint-required');
        await refused('removeOldCertificate', old, 'grace-period');
        await withoutGrace(() => refused('removeOldCertificate', old, 'old-certificate-in-use'));
        assert.equal(registered().length, 2);
        await writeFile(path.join(folder, '.env'), rotated);
        const removed = await withoutGrace(() => done('removeOldCertificate', old));
        assert.equal(removed.removed.length, 1);
        assert.deepEqual(registered(), [thumbprints()[1]]);
        assert.ok(await proves());
        // Undoing would bring back the version that nobody has registered any more.
        await refused('undoSetup', { config, confirm: false }, 'old-certificate-removed');
        assert.ok(await proves());
      });

      it('takes the version that the vault has renewed by itself', async () => {
        const first = await setUp('pinned');
        await done('renewInVault', { ...inVault(), confirm: false });
        assert.equal(versions().length, 2);
        const result = await done('rotate', { config, confirm: false });
        assert.equal(versions().length, 2, 'it makes no third one');
        assert.deepEqual(registered(), [first.thumbprintSha256, thumbprints()[1]]);
        assert.deepEqual([result.thumbprintSha256, result.proven], [thumbprints()[1], true]);
      });

      it('registers and proves the new version before an app that follows its vault switches, and keeps the old one until then', async () => {
        const first = await setUp('latest');
        age();
        const before = await env();
        const result = await done('rotate', { config, confirm: false });
        assert.deepEqual([result.registered, result.proven, result.changed], [true, true, []], JSON.stringify(result));
        assert.equal(result.thumbprintSha256, thumbprints()[1]);
        assert.deepEqual(
          result.warnings.map(({ code }) => code),
          ['switches-later'],
        );
        assert.equal(await env(), before);
        assert.deepEqual(registered(), thumbprints());
        // The day of grace: the app still signs in with the old one.
        const old = { config, confirm: false, thumbprintSha256: first.thumbprintSha256 };
        await withoutGrace(() => refused('removeOldCertificate', old, 'old-certificate-in-use'));
        assert.ok(registered().includes(first.thumbprintSha256));
        assert.ok(await proves());
        const again = await done('rotate', { config, confirm: false });
        assert.deepEqual([again.thumbprintSha256, versions().length], [result.thumbprintSha256, 2]);
        age();
        const removed = await withoutGrace(() => done('removeOldCertificate', old));
        assert.equal(removed.removed.length, 1);
        assert.deepEqual(registered(), [thumbprints()[1]]);
        assert.ok(await proves());
        // A day later the next rotation makes the next version.
        await done('rotate', { config, confirm: false });
        assert.deepEqual(registered(), [thumbprints()[1], thumbprints()[2]]);
      });

      it('repairs an app that its vault has switched to a version that nobody registered', async () => {
        await setUp('latest');
        await done('renewInVault', { ...inVault(), confirm: false });
        age();
        assert.equal(await proves(), false);
        const result = await done('rotate', { config, confirm: false });
        assert.equal(versions().length, 2, 'it makes no third one');
        assert.deepEqual([result.registered, result.proven, result.warnings], [true, true, []]);
        assert.equal(result.replaced.thumbprintSha256, thumbprints()[0]);
        assert.ok(await proves());
      });

      it('proves and rotates an app that was set up elsewhere, by what its module says', async () => {
        await setUp('pinned');
        const elsewhere = path.join(path.dirname(folder), `copy-${count}`);
        await cp(folder, elsewhere, { recursive: true });
        const copy = path.join(elsewhere, 'src', 'msalConfig.js');
        assert.ok(await proves(copy));
        const certificate = { kind: 'selfSigned', subject: 'CN=x' } as const;
        await refused('rotate', { config: copy, certificate, confirm: false }, 'invalid-options');
        const result = await done('rotate', { config: copy, confirm: false });
        assert.deepEqual([result.proven, result.replaced.thumbprintSha256], [true, thumbprints()[0]]);
        assert.ok((await readFile(path.join(elsewhere, '.env'), 'utf8')).includes(versions()[1]?.id ?? '-'));
      });
    });
});
