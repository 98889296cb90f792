/** The states of the lens and the hover that need a cloud: registered or not, proven when, certificates of a vault; and "Rotate" as quick fix. On the sandbox. */
import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { copySample } from '../host/samples.ts';
import { done } from './calling.ts';
import { developer, internalTool, useSandbox, workforceTenant } from './cloud.ts';
import type { CloudOfSuite } from './cloud.ts';
import {
  closeAll,
  codeOf,
  fixesOf,
  hoverOf,
  open,
  ownDiagnostics,
  reread,
  shown,
  stateShown,
  until,
} from './editing.ts';
import { made } from './findings/app.ts';
import { suite } from './runner.ts';

const day = 86_400_000;
/** What the vault kinds need, so that nothing has to be installed. */
const packages = {
  '@azure/identity': '^4.13.0',
  '@azure/keyvault-certificates': '^4.10.0',
  '@azure/keyvault-keys': '^4.10.0',
  '@azure/keyvault-secrets': '^4.10.0',
};

export const run = suite(() => {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  let cloud: CloudOfSuite;
  let folder: string;
  let config: string;
  let count = 0;

  before(async () => {
    // The suite itself saves a .env file in an editor.
    await vscode.workspace.getConfiguration().update('workbench.localHistory.enabled', false, true);
    cloud = await useSandbox({ az: developer });
    cloud.sandbox.graph.credentialDelaySeconds = 0;
    const { behaviour } = cloud.sandbox.vault('contoso-dev');
    cloud.sandbox.vault('contoso-dev').grants = [{ principal: '*', role: 'Key Vault Administrator' }];
    Object.assign(behaviour, { creationSeconds: 0, creationRetryAfter: 0, deletionLagSeconds: 0 });
  });
  after(() => cloud.close());
  beforeEach(async () => {
    folder = path.join(workspace, `lens-${++count}`);
    config = path.join(folder, 'src', 'msalConfig.js');
    await copySample('workforce-esm', folder);
    const { sandbox } = cloud;
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
  });
  afterEach(async () => {
    await closeAll();
    await cloud.signInAs({ az: developer });
    await rm(folder, { recursive: true, force: true });
  });

  const show = async () => open(config, await readFile(config, 'utf8'));
  /** Waits until the lens tells this. */
  async function tells(document: vscode.TextDocument, state: RegExp): Promise<string> {
    let text = '';
    await until(
      async () => state.test((text = await stateShown(document))),
      () => `${text} is not ${String(state)}`,
    );
    return text;
  }
  async function hover(document: vscode.TextDocument): Promise<string> {
    const over = document.getText().includes('clientAssertion') ? 'clientAssertion' : 'clientCertificate';
    return ((await hoverOf(document, over))?.value ?? '').replaceAll('&nbsp;', ' ').replaceAll('\\', '');
  }
  const selfSigned = { kind: 'selfSigned', subject: 'CN=lens' } as const;
  const file = { keyFrom: 'file', passphrase: 'none', confirm: false } as const;

  /** As if the last proofs had been made so long ago. */
  async function ageProofs(days: number): Promise<void> {
    const written = path.join(path.dirname(process.env.CCG_RESULTS ?? ''), 'w');
    const all = await readdir(written, { recursive: true });
    const proofs = all.filter((each) => each.endsWith('.proofs.json')).map((each) => path.join(written, each));
    let aged = 0;
    for (const proof of proofs) {
      const text = await readFile(proof, 'utf8');
      if ((JSON.parse(text) as { config: string }).config !== config) continue;
      aged++;
      const at = new Date(Date.now() - days * day - 60_000).toISOString();
      await writeFile(proof, text.replace(/"at": "[^"]*"/g, `"at": "${at}"`));
    }
    assert.equal(aged, 1);
  }

  it('not registered, uploaded, proven, each at once, and days later', async () => {
    await done('setUp', { config, certificate: selfSigned, ...file, register: false });
    const document = await show();
    await tells(document, /^expires in \d{3} days · SHA-256 [0-9A-F]{4}… · not registered$/);
    assert.match(await hover(document), /Registered: not as far as the setup knows/);

    const certificate = path.join(folder, 'certs', 'lens.crt');
    await done('upload', { certificate, config });
    await tells(document, /^expires in \d{3} days · SHA-256 [0-9A-F]{4}… · registered ✓$/);
    assert.match(await hover(document), /Registered: yes, when the setup last looked/);

    assert.equal((await done('prove', { config })).ok, true);
    await tells(document, /… · registered ✓ · proven today$/);
    assert.match(await hover(document), /Proof: proven today \(PS256\)/);

    for (const [days, text] of [
      [1, 'proven yesterday'],
      [3, 'proven 3 days ago'],
    ] as const) {
      await ageProofs(days);
      await closeAll();
      const again = await show();
      await tells(again, new RegExp(`… · registered ✓ · ${text}$`));
      assert.ok((await hover(again)).includes(`Proof: ${text}`));
    }
    // Of another certificate nothing of this is known.
    const next = await show();
    const edit = new vscode.WorkspaceEdit();
    const [thumbprint = ''] = /[0-9A-F]{64}/.exec(await readFile(path.join(folder, '.env'), 'utf8')) ?? [];
    const env = await vscode.workspace.openTextDocument(path.join(folder, '.env'));
    const at = env.getText().indexOf(thumbprint);
    edit.replace(env.uri, new vscode.Range(env.positionAt(at), env.positionAt(at + 64)), 'AB'.repeat(32));
    assert.ok(await vscode.workspace.applyEdit(edit));
    await env.save();
    await shown(next.uri, 'thumbprint-of-other-certificate');
  });

  it('proves and registers in one go, also where nobody is signed in', async () => {
    await done('setUp', { config, certificate: selfSigned, ...file });
    await cloud.signInAs('nobody');
    await tells(await show(), /… · registered ✓ · proven today$/);
  });

  it('not known without a setup: neither registered nor not', async () => {
    await done('setUp', { config, certificate: selfSigned, ...file, prove: false });
    const elsewhere = path.join(folder, 'src', 'copy.js');
    const document = await open(elsewhere, await readFile(config, 'utf8'));
    const text = await tells(document, /^expires in/);
    assert.doesNotMatch(text, /registered|proven/);
    assert.doesNotMatch(await hover(document), /Registered|Proof/);
  });

  for (const keyFrom of ['keyVault', 'keyVaultSign'] as const)
    for (const version of ['pinned', 'latest'] as const)
      it(`a certificate of a vault: ${keyFrom}, ${version}`, async () => {
        const name = `lens-${count}`;
        const vault = cloud.sandbox.vaultOrigin('contoso-dev');
        await done('createInVault', { vault, name, exportable: keyFrom === 'keyVault', confirm: false });
        const certificate = { kind: 'vault', vault, name, ...(version === 'latest' ? { version } : {}) } as const;
        await done('setUp', { config, certificate, keyFrom, confirm: false });
        const id = cloud.sandbox.vault('contoso-dev').certificates[name]?.versions[0]?.id ?? '';
        const document = await show();
        const text = await tells(document, /certificate lens-/);
        const told = await hover(document);
        if (version === 'latest') {
          // Which version that is, only the vault can tell.
          assert.equal(text, `certificate ${name} of a vault`);
          assert.match(told, /Version: latest/);
        } else {
          assert.match(
            text,
            new RegExp(
              `^expires in \\d{3} days · certificate ${name} of a vault, version ${id.slice(0, 6)}… · SHA-256 [0-9A-F]{4}… · registered ✓ · proven today$`,
            ),
          );
          assert.ok(told.includes(`Version: ${id}`));
        }
        assert.ok(told.includes(`Vault: ${vault}`) && told.includes(`Certificate: ${name}`), told);
        assert.equal(told.includes('Private key: never leaves the vault'), keyFrom === 'keyVaultSign');
        await shown(document.uri);
        // Without its variables the app does not know which certificate it uses; neither does the lens.
        await writeFile(path.join(folder, '.env'), 'CLIENT_ID=x\n');
        await closeAll();
        await tells(await show(), /certificate … of a vault/);
      });

  it('Rotate leads out of a certificate that ends soon', async () => {
    const { key, certificate: pem } = await made({
      subject: 'CN=ends',
      validityDays: 60,
      now: Date.now() - 40 * day,
    });
    const ending = path.join(folder, 'ending.pem');
    await writeFile(ending, key + pem, { mode: 0o600 });
    await done('setUp', { config, certificate: { kind: 'file', file: ending }, ...file });
    const document = await show();
    await tells(document, /^expires in 20 days · .* · registered ✓ · proven today$/);
    const [finding] = await shown(document.uri, 'expires-soon');
    assert.ok(finding);
    const [fix] = await fixesOf(document, finding);
    assert.equal(fix?.command?.command, 'clientCertificate.rotate');
    assert.deepEqual(fix.command.arguments, [document.uri]);
    const before = await stateShown(document);
    const result = await done('rotate', { config, certificate: { ...selfSigned, validityDays: 300 }, confirm: false });
    assert.deepEqual([result.registered, result.proven], [true, true]);
    await reread(document);
    await until(
      () => ownDiagnostics(document.uri).length === 0,
      () => ownDiagnostics(document.uri).map(codeOf).join(),
    );
    const after = await tells(document, /^expires in 300 days · .* · registered ✓ · proven today$/);
    assert.notEqual(after, before);
  });
});
