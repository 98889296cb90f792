/** What the suites of vault certificates share: a sandbox that is quick, a folder, the machine's openssl. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { StoredCertificate, StoredVersion } from '../sandbox/vault/model.ts';
import { developer, useSandbox } from './cloud.ts';
import type { CloudOfSuite } from './cloud.ts';

export interface VaultWork {
  readonly sandbox: Sandbox;
  /** New and empty for every test, inside the workspace. */
  readonly folder: string;
  /** Origins of the seed's vaults `contoso-web` and `contoso-dev`. */
  readonly web: string;
  readonly dev: string;
  file(name: string): string;
  /** Runs openssl in the folder. */
  openssl(...args: readonly string[]): string;
  /** A certificate as the sandbox has it; default of `contoso-dev`. */
  stored(name: string, vault?: string): StoredCertificate;
  newest(name: string, vault?: string): StoredVersion;
}

/** To be called inside `run`: adds the hooks. Its values are there once a test runs. */
export function vaultWork(): VaultWork {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  let cloud: CloudOfSuite;
  let folder = '';
  before(async () => {
    cloud = await useSandbox({ az: developer });
  });
  after(() => cloud.close());
  beforeEach(async () => {
    folder = await mkdtemp(path.join(workspace, 'vault-'));
    for (const { behaviour } of cloud.sandbox.state.vaults) {
      Object.assign(behaviour, { creationSeconds: 0, creationRetryAfter: 0, deletionLagSeconds: 0 });
    }
  });
  afterEach(async () => {
    cloud.sandbox.faults.clear();
    await rm(folder, { recursive: true, force: true });
  });
  const stored = (name: string, vault = 'contoso-dev'): StoredCertificate => {
    const found = cloud.sandbox.vault(vault).certificates[name];
    assert.ok(found, `there is no ${name}`);
    return found;
  };
  return {
    get sandbox() {
      return cloud.sandbox;
    },
    get folder() {
      return folder;
    },
    get web() {
      return cloud.sandbox.vaultOrigin('contoso-web');
    },
    get dev() {
      return cloud.sandbox.vaultOrigin('contoso-dev');
    },
    file: (name) => path.join(folder, name),
    openssl: (...args) => execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }).toString(),
    stored,
    newest: (name, vault) => {
      const version = stored(name, vault).versions.at(-1);
      assert.ok(version);
      return version;
    },
  };
}

export function x509Of({ cer }: StoredVersion): X509Certificate {
  return new X509Certificate(Buffer.from(cer, 'base64'));
}

/** SPKI PEM, as `openssl pkey -pubout` writes it. */
export function publicKeyOf(certificate: X509Certificate): string {
  return certificate.publicKey.export({ type: 'spki', format: 'pem' }).toString();
}
