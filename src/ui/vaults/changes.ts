/** Tells what shows vaults that one of them was changed by a command of ours. */
import type * as vscode from 'vscode';

export interface VaultChange {
  /** Origin of the vault, e.g. `https://name.vault.azure.net`. */
  readonly vault: string;
  /** The certificate that was made, changed or removed; absent: anything may have. */
  readonly name?: string;
}

export interface VaultChanges {
  readonly onDidChange: vscode.Event<VaultChange>;
  fire(change: VaultChange): void;
}
