/** Set Up Client Certificate with certificates of a vault, against the sandbox. */
import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Vault } from '../sandbox/vault/model.ts';
import { call, code, done, makeApp, refused, snapshot } from './calling.ts';
import { developer, useSandbox, workforceTenant } from './cloud.ts';
import type { CloudOfSuite } from './cloud.ts';
import { suite } from './runner.ts';

/** An ES module that already has what the vault kinds need. */
const packages = {
  '@azure/identity': '^4.13.0',
  '@azure/keyvault-certificates': '^4.10.0',
  '@azure/keyvault-secrets': '^4.10.0',
  '@azure/msal-node': '7.2.3',
  dotenv: '^17.0.0',
  'node-forge': '^1.3.1',
};
const esModule = code
  .replace("require('dotenv').config();", "import 'dotenv/config';\nimport * as msal from '@azure/msal-node';")
  .replace("const msal = require('@azure/msal-node');\nmodule.exports = new", 'export default new');

export const run = suite(() => {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  let cloud: CloudOfSuite;
  let folder: string;
  let config: string;
  let web: string;

  before(async () => {
    cloud = await useSandbox({ az: developer });
    web = cloud.sandbox.vaultOrigin('contoso-web');
  });
  after(async () => {
    await cloud.close();
  });
  beforeEach(async () => {
    ({ folder, config } = await makeApp(workspace));
    for (const vault of cloud.sandbox.state.vaults)
      Object.assign(vault.behaviour, { creationSeconds: 0, creationRetryAfter: 0, deletionLagSeconds: 0 });
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(folder, { recursive: true, force: true });
  });

  const vaultOf = (name: string): Vault => {
    const found = cloud.sandbox.state.vaults.find((vault) => vault.name === name);
    assert.ok(found);
    return found;
  };
  const inWeb = (name: string) => ({ kind: 'vault', vault: web, name }) as const;
  /** Turns the app into an ES module. */
  async function useEsModule(dependencies: Record<string, string> = packages): Promise<void> {
    await writeFile(config, esModule);
    await writeFile(path.join(folder, 'package.json'), JSON.stringify({ name: 'app', type: 'module', dependencies }));
  }
  const env = () => readFile(path.join(folder, '.env'), 'utf8');

  for (const name of ['ciam-client-app', 'pem-app']) {
    it(`takes certificate and key out of the vault into files: ${name}`, async () => {
      const before = await snapshot(folder);
      const options = { config, certificate: inWeb(name), register: false, confirm: false } as const;
      const result = await done('setUp', { ...options, keyFrom: 'file', passphrase: 'none' });
      const certificate = new X509Certificate(await readFile(result.files.certificate ?? ''));
      assert.equal(certificate.fingerprint256.replaceAll(':', ''), result.thumbprintSha256);
      assert.match(certificate.subject, new RegExp(`CN=${name}`));
      assert.ok(certificate.checkPrivateKey(createPrivateKey(await readFile(result.files.privateKey ?? ''))));
      assert.deepEqual([result.keyFrom, result.vault], ['file', undefined]);
      await done('undoSetup', { config, confirm: false });
      assert.deepEqual(await snapshot(folder), before);
    });
  }

  it('takes them into a variable; an older version where one is named', async () => {
    const { versions } = vaultOf('contoso-web').certificates['renewed-app'] ?? {};
    const version = versions?.[3]?.id ?? '';
    const certificate = { ...inWeb('renewed-app'), version };
    const result = await done('useInApp', { config, certificate, keyFrom: 'environment', confirm: false });
    assert.equal(result.status, 'rewritten');
    const encoded = /^CLIENT_CERTIFICATE_PRIVATE_KEY=(\S+)$/m.exec(await env())?.[1] ?? '';
    const key = createPrivateKey(Buffer.from(encoded, 'base64'));
    assert.ok(new X509Certificate(Buffer.from(versions?.[3]?.cer ?? '', 'base64')).checkPrivateKey(key));
  });

  it('lets the app take them from the vault, with no key anywhere, the version pinned and the tenant named', async () => {
    await useEsModule();
    const before = await snapshot(folder);
    const certificate = inWeb('ciam-client-app');
    const result = await done('setUp', { config, certificate, keyFrom: 'keyVault', register: false, confirm: false });
    const newest = vaultOf('contoso-web').certificates['ciam-client-app']?.versions.at(-1)?.id;
    assert.deepEqual(result.vault, {
      origin: web,
      certificate: 'ciam-client-app',
      version: newest,
      tenant: workforceTenant,
    });
    assert.deepEqual(Object.keys(result.files), ['certificate']);
    for (const [name, content] of Object.entries(await snapshot(folder)))
      assert.ok(!Buffer.from(content, 'base64').toString('latin1').includes('PRIVATE KEY-----\n'), name);
    assert.match(await readFile(config, 'utf8'), /clientCertificate/);
    await done('undoSetup', { config, confirm: false });
    assert.deepEqual(await snapshot(folder), before);
  });

  it('goes on with Rewrite Later without any key file', async () => {
    await useEsModule();
    const before = await snapshot(folder);
    const pending = call('setUp', { config, certificate: inWeb('pem-app'), keyFrom: 'keyVault', register: false });
    await review('rewriteLater');
    const stopped = await pending;
    assert.equal(await readFile(config, 'utf8'), esModule);
    const result = await done('continueSetup', { config, confirm: false });
    assert.deepEqual(result.vault, stopped?.vault);
    assert.match(await readFile(config, 'utf8'), /clientCertificate/);
    await done('undoSetup', { config, confirm: false });
    assert.deepEqual(await snapshot(folder), before);
  });

  it('makes the certificate in the vault', async () => {
    await useEsModule();
    const certificate = { kind: 'vaultNew', vault: 'contoso-dev', name: 'made-here', validityMonths: 6 } as const;
    const result = await done('setUp', { config, certificate, keyFrom: 'keyVault', register: false, confirm: false });
    const made = vaultOf('contoso-dev').certificates['made-here'];
    const x509 = new X509Certificate(Buffer.from(made?.versions[0]?.cer ?? '', 'base64'));
    assert.equal(x509.fingerprint256.replaceAll(':', ''), result.thumbprintSha256);
    assert.equal(x509.subject, 'CN=app');
    await refused('setUp', { config, certificate, keyFrom: 'keyVault', confirm: false }, 'nothing-to-do');
    await writeFile(config, esModule);
    await done('undoSetup', { config, confirm: false }).catch(() => undefined);
    const rest = { keyFrom: 'file', passphrase: 'none', confirm: false } as const;
    await refused('setUp', { config, certificate, ...rest }, 'certificate-exists');
  });

  it('leaves nothing in the vault or the app when the review of a certificate made there is cancelled', async () => {
    const before = await snapshot(folder);
    const vault = vaultOf('contoso-dev');
    const certificate = { kind: 'vaultNew', vault: 'contoso-dev', name: 'unwanted' } as const;
    const pending = call('setUp', { config, certificate, keyFrom: 'file', passphrase: 'none', register: false });
    await untilTab();
    assert.ok(vault.certificates.unwanted, 'it was made for the review');
    await vscode.commands.executeCommand('clientCertificate.cancelReview');
    assert.equal(await pending, undefined);
    assert.deepEqual([vault.certificates.unwanted, vault.deleted.unwanted], [undefined, undefined]);
    assert.deepEqual(await snapshot(folder), before);
  });

  it('refuses before anything is written, and leaves nothing in the vault', async () => {
    const before = await snapshot(folder);
    const rest = { config, keyFrom: 'file', passphrase: 'none', confirm: false } as const;
    const locked = await refused('setUp', { ...rest, certificate: inWeb('locked-app') }, 'key-not-exportable');
    assert.match(locked.message, /locked-app/);
    const certsOnly = { kind: 'vault', vault: 'contoso-certs-only', name: 'no-secret-app' } as const;
    const denied = await refused('setUp', { ...rest, certificate: certsOnly }, 'secret-get-denied');
    assert.match(denied.message, /Key Vault Certificate User/);
    await refused('setUp', { ...rest, certificate: inWeb('ec-app') }, 'key-is-ec');
    await refused('setUp', { ...rest, certificate: inWeb('disabled-app') }, 'certificate-disabled');
    await refused('setUp', { ...rest, certificate: inWeb('nothing-there') }, 'certificate-not-found');
    await refused('setUp', { ...rest, certificate: inWeb('pending-order') }, 'creation-pending');
    const vault = { ...rest, keyFrom: 'keyVault' } as const;
    // CommonJS that builds its client while it is loaded cannot wait for a vault; nothing is asked or made then.
    const early = { kind: 'vaultNew', vault: 'contoso-dev', name: 'never-made' } as const;
    await refused('setUp', { ...vault, certificate: early }, 'client-built-too-early');
    assert.equal(vaultOf('contoso-dev').certificates['never-made'], undefined);
    await useEsModule();
    await refused('setUp', { ...vault, certificate: inWeb('locked-app') }, 'key-not-exportable');
    await refused('setUp', { ...vault, certificate: inWeb('ec-app') }, 'key-is-ec');
    await refused('setUp', { ...vault, certificate: inWeb('disabled-app') }, 'certificate-disabled');
    await refused('setUp', { ...vault, certificate: inWeb('expired-app') }, 'certificate-expired');
    await refused('setUp', { ...vault, certificate: inWeb('pending-order') }, 'creation-pending');
    const local = { kind: 'selfSigned', subject: 'CN=x' } as const;
    await refused('setUp', { ...vault, certificate: local }, 'key-from-needs-vault');
    const hidden = { kind: 'vault', vault: 'contoso-no-access', name: 'hidden-app' } as const;
    await refused('setUp', { ...rest, certificate: hidden }, 'vault-forbidden');
    const unknown = { kind: 'vaultNew', vault: web, name: 'x', issuer: 'Unknown' } as const;
    await refused('setUp', { ...rest, certificate: unknown }, 'issuer-needs-merge');
    await refused('setUp', { ...rest, certificate: { ...unknown, name: 'a b' } }, 'invalid-options');
    await refused('setUp', { ...rest, certificate: { ...inWeb('pem-app'), version: 'x' } }, 'invalid-options');
    assert.deepEqual(Object.keys(await snapshot(folder)), Object.keys(before));
    assert.equal(await readFile(config, 'utf8'), esModule);
  });

  it('tries beforehand whether the key can be fetched at run time, unless nothing is registered or proven', async () => {
    await useEsModule();
    const before = await snapshot(folder);
    const certsOnly = { kind: 'vault', vault: 'contoso-certs-only', name: 'no-secret-app' } as const;
    const rest = { config, keyFrom: 'keyVault', confirm: false } as const;
    for (const more of [{}, { register: false, prove: true }, { prove: false }]) {
      const denied = await refused('setUp', { ...rest, ...more, certificate: certsOnly }, 'secret-get-denied');
      assert.match(denied.message, /Key Vault Certificate User/);
    }
    await refused('useInApp', { ...rest, certificate: certsOnly }, 'secret-get-denied');
    // The policy, which is the newest version's, says that the key is exportable.
    const versions = vaultOf('contoso-web').certificates['renewed-app']?.versions ?? [];
    const older = versions.at(-2);
    assert.ok(older);
    const [version, exportable] = [older.id, older.exportable];
    Object.assign(older, { exportable: false });
    try {
      const certificate = { ...inWeb('renewed-app'), version };
      await refused('setUp', { ...rest, certificate }, 'key-not-exportable');
    } finally {
      Object.assign(older, { exportable });
    }
    assert.deepEqual(await snapshot(folder), before);
    const unchecked = await done('setUp', { ...rest, certificate: certsOnly, register: false });
    assert.equal(unchecked.vault?.certificate, 'no-secret-app');
  });

  it('makes nothing that stays for an app whose key nobody may fetch', async () => {
    await useEsModule();
    const before = await snapshot(folder);
    const vault = vaultOf('contoso-certs-only');
    const certificate = { kind: 'vaultNew', vault: 'contoso-certs-only', name: 'not-fetched' } as const;
    await refused('setUp', { config, certificate, keyFrom: 'keyVault', confirm: false }, 'secret-get-denied');
    assert.deepEqual([vault.certificates['not-fetched'], vault.deleted['not-fetched']], [undefined, undefined]);
    assert.deepEqual(await snapshot(folder), before);
  });

  it('gives the app a certificate that it makes in the vault, by Use Certificate in App too', async () => {
    const certificate = { kind: 'vaultNew', vault: 'contoso-dev', name: 'used-here' } as const;
    const result = await done('useInApp', { config, certificate, keyFrom: 'file', passphrase: 'none', confirm: false });
    assert.equal(result.status, 'rewritten');
    const made = vaultOf('contoso-dev').certificates['used-here']?.versions[0];
    const thumbprint = new X509Certificate(Buffer.from(made?.cer ?? '', 'base64')).fingerprint256.replaceAll(':', '');
    assert.ok((await env()).includes(thumbprint));
  });

  it('removes the certificate that it made when the app turns out to be unfit', async () => {
    const vault = vaultOf('contoso-dev');
    const unfit = code.replace('process.env.CLIENT_SECRET', '(await secretFromSomewhere()).value');
    await writeFile(config, unfit);
    const certificate = { kind: 'vaultNew', vault: 'contoso-dev', name: 'unfit' } as const;
    await assert.rejects(
      Promise.resolve(call('setUp', { config, certificate, keyFrom: 'file', passphrase: 'none', confirm: false })),
    );
    assert.deepEqual([vault.certificates.unfit, vault.deleted.unfit], [undefined, undefined]);
    assert.equal(await readFile(config, 'utf8'), unfit);
  });

  it('leaves nothing in the vault when the creation fails', async () => {
    const vault = vaultOf('contoso-dev');
    vault.behaviour.creationFails = { code: 'BadIssuer', message: 'The issuer refused.' };
    const certificate = { kind: 'vaultNew', vault: 'contoso-dev', name: 'failing' } as const;
    const rest = { config, keyFrom: 'file', passphrase: 'none', confirm: false } as const;
    const failure = await refused('setUp', { ...rest, certificate }, 'creation-failed');
    delete vault.behaviour.creationFails;
    assert.match(failure.message, /The issuer refused/);
    assert.deepEqual([vault.certificates.failing, vault.deleted.failing], [undefined, undefined]);
  });

  it('follows the newest version that is a day old', async () => {
    await useEsModule();
    const ownTenant = esModule.replace('contoso.ciamlogin.com/', `login.microsoftonline.com/${workforceTenant}`);
    await writeFile(config, ownTenant);
    const certificate = { ...inWeb('renewed-app'), version: 'latest' };
    const result = await done('setUp', { config, certificate, keyFrom: 'keyVault', register: false, confirm: false });
    // Without the tenant, which is the app's own.
    assert.deepEqual(result.vault, { origin: web, certificate: 'renewed-app', version: 'latest' });
  });

  describe('with packages missing', () => {
    const pathBefore = process.env.PATH;
    let tools: string;
    /** Stands in for npm: notes what it was asked for, changes package.json as npm does, ends with the given code. */
    async function useNpm(exitCode: number): Promise<void> {
      tools = path.join(folder, '..', `${path.basename(folder)}-tools`);
      await vscode.workspace.fs.createDirectory(vscode.Uri.file(tools));
      const program = path.join(tools, 'npm');
      await writeFile(
        program,
        `#!/usr/bin/env node
const { writeFileSync, readFileSync } = require('fs');
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
for (const arg of process.argv.slice(3).filter((arg) => !arg.startsWith('-'))) {
  const at = arg.lastIndexOf('@');
  manifest.dependencies[arg.slice(0, at)] = arg.slice(at + 1);
}
writeFileSync('package.json', JSON.stringify(manifest));
writeFileSync('package-lock.json', '{}');
console.error('npm error code E404');
process.exit(${exitCode});
`,
      );
      await chmod(program, 0o755);
      process.env.PATH = [tools, pathBefore].join(path.delimiter);
    }
    afterEach(async () => {
      process.env.PATH = pathBefore;
      await rm(tools, { recursive: true, force: true });
    });
    const manifest = () => readFile(path.join(folder, 'package.json'), 'utf8');
    const missing = { '@azure/msal-node': '7.2.3', dotenv: '^17.0.0' };

    it('installs them before the rewrite, and undo puts package.json and lock file back', async () => {
      await useEsModule(missing);
      await useNpm(0);
      const before = await snapshot(folder);
      const options = { config, certificate: inWeb('pem-app'), keyFrom: 'keyVault', confirm: false } as const;
      const result = await done('setUp', { ...options, register: false });
      assert.ok(result.installed?.some((name) => name.startsWith('@azure/identity@')));
      assert.match(await manifest(), /@azure\/keyvault-secrets/);
      const undone = await done('undoSetup', { config, confirm: false });
      assert.equal(undone.installed, undefined);
      assert.deepEqual(await snapshot(folder), before);
    });

    it('leaves them where other code has come to use them, and says so', async () => {
      await useEsModule(missing);
      await useNpm(0);
      const options = { config, certificate: inWeb('pem-app'), keyFrom: 'keyVault', confirm: false } as const;
      const result = await done('setUp', { ...options, register: false });
      await writeFile(path.join(folder, 'storage.js'), "import { AzureCliCredential } from '@azure/identity';\n");
      const undone = await done('undoSetup', { config, confirm: false });
      assert.deepEqual(undone.installed, result.installed);
      assert.equal(await readFile(config, 'utf8'), esModule);
      assert.match(await manifest(), /@azure\/keyvault-secrets/);
    });

    it('changes nothing when they cannot be installed', async () => {
      await useEsModule(missing);
      await useNpm(1);
      const before = await snapshot(folder);
      const options = { config, certificate: inWeb('pem-app'), keyFrom: 'keyVault', confirm: false } as const;
      const failure = await refused('setUp', { ...options, register: false }, 'install-failed');
      assert.match(failure.message, /E404/);
      assert.deepEqual(await snapshot(folder), before);
      await refused('undoSetup', { config, confirm: false }, 'nothing-to-undo');
    });
  });
});

async function review(decision: string): Promise<void> {
  await untilTab();
  await vscode.commands.executeCommand(`clientCertificate.${decision}`);
}

/** Waits until the review is open. */
async function untilTab(): Promise<void> {
  const isOpen = () =>
    vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).some(({ label }) => label.startsWith('Review'));
  if (isOpen()) return;
  await new Promise<void>((resolve) => {
    const listener = vscode.window.tabGroups.onDidChangeTabs(() => {
      if (!isOpen()) return;
      listener.dispose();
      resolve();
    });
  });
}
