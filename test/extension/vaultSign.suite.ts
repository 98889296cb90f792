/** Set Up Client Certificate with a key that never leaves its vault, on the sandbox. */
import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { copySample } from '../host/samples.ts';
import { done, refused, snapshot } from './calling.ts';
import { developer, internalTool, useSandbox, workforceTenant } from './cloud.ts';
import type { CloudOfSuite } from './cloud.ts';
import { suite } from './runner.ts';

/** What a rewritten app needs, so that nothing has to be installed here. */
const packages = {
  '@azure/identity': '^4.13.0',
  '@azure/keyvault-certificates': '^4.10.0',
  '@azure/keyvault-keys': '^4.10.0',
};
const everybody = [{ principal: '*', role: 'Key Vault Administrator' }] as const;

export const run = suite(() => {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  let cloud: CloudOfSuite;
  let folder: string;
  let config: string;
  let web: string;
  let count = 0;

  before(async () => {
    cloud = await useSandbox({ az: developer });
    web = cloud.sandbox.vaultOrigin('contoso-web');
    tool().keyCredentials = [];
  });
  after(async () => {
    await cloud.close();
  });
  beforeEach(async () => {
    const { sandbox } = cloud;
    folder = path.join(workspace, 'signs', `app-${++count}`);
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
    const lines = Object.entries(values).map(([name, value]) => `${name}="${value}"\n`);
    await writeFile(path.join(folder, '.env'), lines.join(''));
    const manifest = path.join(folder, 'package.json');
    const json = JSON.parse(await readFile(manifest, 'utf8')) as { dependencies: Record<string, string> };
    Object.assign(json.dependencies, packages);
    await writeFile(manifest, JSON.stringify(json, undefined, 2));
    sandbox.tokenRequests.length = 0;
    sandbox.log.length = 0;
    for (const name of ['contoso-web', 'contoso-dev']) {
      const vault = sandbox.vault(name);
      vault.grants = [...everybody];
      Object.assign(vault.behaviour, { creationSeconds: 0, creationRetryAfter: 0, deletionLagSeconds: 0 });
    }
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(folder, { recursive: true, force: true });
  });

  function tool() {
    const found = cloud.sandbox.state.directory.applications.find(({ appId }) => appId === internalTool);
    assert.ok(found);
    return found;
  }
  const locked = () => ({ kind: 'vault', vault: web, name: 'locked-app' }) as const;
  const signings = () => cloud.sandbox.log.filter(({ path: at, status }) => at.endsWith('/sign') && status === 200);
  const proofs = () => cloud.sandbox.tokenRequests.filter(({ proof }) => proof?.kind === 'assertion');
  const withoutModules = async () =>
    Object.fromEntries(Object.entries(await snapshot(folder)).filter(([name]) => !name.startsWith('node_modules')));

  it('uploads, rewrites and proves in one call, without the key ever leaving the vault; undo restores every byte', async () => {
    const before = await withoutModules();
    const result = await done('setUp', { config, certificate: locked(), keyFrom: 'keyVaultSign', confirm: false });
    assert.deepEqual(
      [result.registered, result.proven, result.stopped],
      [true, true, undefined],
      JSON.stringify(result),
    );
    assert.equal(result.vault?.certificate, 'locked-app');
    assert.match(result.vault.version, /^[0-9a-f]{32}$/);
    assert.deepEqual(Object.keys(result.files), ['certificate']);
    assert.match(await readFile(config, 'utf8'), /clientAssertion: keyVaultAssertion\b/);
    assert.match(
      await readFile(path.join(folder, 'src', 'keyVaultAssertion.js'), 'utf8'),
      /export function keyVaultAssertion/,
    );
    // One to see whether this account may, one for each token of the proof.
    assert.equal(signings().length, 4);
    assert.equal(proofs().length, 3);
    assert.ok(cloud.sandbox.log.every(({ path: at }) => !at.startsWith('/secrets')));
    assert.deepEqual(await done('prove', { config }), { ok: true, algorithm: 'PS256', attempts: 3 });
    const [found] = await done('findAppConfigs', {});
    assert.ok(found);
    assert.deepEqual(await done('checkApp', { config }), []);
    await refused('setUp', { config, certificate: locked(), keyFrom: 'keyVaultSign', confirm: false }, 'nothing-to-do');
    await done('undoSetup', { config, confirm: false });
    assert.deepEqual(await withoutModules(), before);
  });

  it('proves what the module says, also without a journal', async () => {
    await done('setUp', { config, certificate: locked(), keyFrom: 'keyVaultSign', confirm: false });
    const env = path.join(folder, '.env');
    const other = cloud.sandbox.vault('contoso-web').certificates['ciam-client-app']?.versions.at(-1);
    const text = await readFile(env, 'utf8');
    await writeFile(
      env,
      text
        .replace(/^(CLIENT_CERTIFICATE_NAME=).*$/m, '$1ciam-client-app')
        .replace(/^(CLIENT_CERTIFICATE_VERSION=).*$/m, `$1${other?.id ?? ''}`),
    );
    const result = await done('prove', { config, patience: 0 });
    assert.equal(result.ok, false);
    assert.equal(result.error?.code, 'AADSTS700027');
    await writeFile(env, text);
    assert.equal((await done('prove', { config })).ok, true);
    await done('undoSetup', { config, confirm: false });
  });

  it('has the vault make a key that is not exportable', async () => {
    const certificate = { kind: 'vaultNew', vault: 'contoso-dev', name: `signs-${count}` } as const;
    const result = await done('setUp', { config, certificate, keyFrom: 'keyVaultSign', confirm: false });
    assert.equal(result.proven, true);
    const made = cloud.sandbox.vault('contoso-dev').certificates[certificate.name];
    assert.deepEqual([made?.policy.key_props.exportable, made?.versions[0]?.exportable], [false, false]);
    await done('undoSetup', { config, confirm: false });
  });

  it('refuses before anything is written where this account may not sign, unless nothing is to be proven', async () => {
    const before = await withoutModules();
    cloud.sandbox.vault('contoso-web').grants = [{ principal: '*', role: 'Key Vault Certificates Officer' }];
    const options = { config, certificate: locked(), keyFrom: 'keyVaultSign', confirm: false } as const;
    const failure = await refused('setUp', options, 'vault-forbidden');
    assert.match(failure.message, /"Key Vault Crypto User"/);
    assert.deepEqual(await withoutModules(), before);
    const result = await done('setUp', { ...options, register: false });
    assert.deepEqual([result.registered, result.proven], [false, false]);
    await done('undoSetup', { config, confirm: false });
    assert.deepEqual(await withoutModules(), before);
  });

  it('removes the certificate that it made when this account may not sign', async () => {
    const dev = cloud.sandbox.vault('contoso-dev');
    dev.grants = [{ principal: '*', role: 'Key Vault Certificates Officer' }];
    const certificate = { kind: 'vaultNew', vault: 'contoso-dev', name: 'unsigned' } as const;
    await refused('setUp', { config, certificate, keyFrom: 'keyVaultSign', confirm: false }, 'vault-forbidden');
    assert.equal(dev.certificates.unsigned, undefined);
  });

  it('refuses what cannot sign', async () => {
    const before = await withoutModules();
    const rest = { config, keyFrom: 'keyVaultSign', confirm: false } as const;
    await refused('setUp', { ...rest, certificate: { ...locked(), name: 'ec-app' } }, 'key-is-ec');
    await refused('setUp', { ...rest, certificate: { ...locked(), name: 'disabled-app' } }, 'certificate-disabled');
    await refused('setUp', { ...rest, certificate: { kind: 'selfSigned', subject: 'CN=x' } }, 'key-from-needs-vault');
    await rm(path.join(folder, 'node_modules'));
    const manifest = path.join(folder, 'package.json');
    const text = await readFile(manifest, 'utf8');
    await writeFile(manifest, text.replace(/("@azure\/msal-node": )"[^"]*"/, '$1"2.6.6"'));
    await refused('setUp', { ...rest, certificate: locked(), register: false }, 'msal-node-too-old');
    await writeFile(manifest, text);
    const after = await withoutModules();
    assert.deepEqual(after, before);
  });
});
