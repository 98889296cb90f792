/** All that the sandbox knows, as JSON, and how it is kept in a file. */
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Directory } from './entra/directory.ts';
import type { Vault } from './vault/model.ts';

export interface Subscription {
  readonly id: string;
  readonly displayName: string;
  readonly tenantId: string;
}

export interface SandboxState {
  readonly format: 1;
  readonly directory: Directory;
  readonly subscriptions: Subscription[];
  readonly vaults: Vault[];
  /** The CA that the vaults' CA issuers stand for: base64 PKCS#8 and base64 DER. */
  readonly authority: { readonly key: string; readonly certificate: string };
}

/** Reads a saved state; undefined when there is none. Throws Error for a file that is something else. */
export function readState(path: string): SandboxState | undefined {
  if (!existsSync(path)) return undefined;
  const state = JSON.parse(readFileSync(path, 'utf8')) as Partial<SandboxState>;
  if (state.format !== 1) throw new Error(`${path} is no saved sandbox.`);
  return state as SandboxState;
}

/** Writes the state whole or not at all. The file holds private keys: only its owner may read it. */
export function writeState(path: string, state: SandboxState): void {
  const temporary = `${path}.tmp`;
  writeFileSync(temporary, JSON.stringify(state), { mode: 0o600 });
  chmodSync(temporary, 0o600);
  renameSync(temporary, path);
}
