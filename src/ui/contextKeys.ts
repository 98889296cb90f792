/** Sets the context keys that `when` clauses read, and only when they change: each change is a round trip. */
import * as vscode from 'vscode';
import { contextKeys } from '../contributions.ts';
import { milestones } from './workspaceView/milestones.ts';
import type { Milestone } from './workspaceView/milestones.ts';
import type { Welcome } from './vaultTree/tree.ts';

export interface ContextKeys {
  reviewing(value: boolean): Promise<void>;
  /** @param files absolute paths */
  appConfigFiles(files: readonly string[]): Promise<void>;
  /** What the view of vaults says while it is empty. */
  vaults(welcome: Welcome): Promise<void>;
  vaultsFiltered(value: boolean): Promise<void>;
  vaultsOnlyExpiring(value: boolean): Promise<void>;
  vaultsDeleted(value: boolean): Promise<void>;
  /** What the view of the workspace says while it is empty. */
  workspace(welcome: 'noFolder' | 'noApp' | 'apps'): Promise<void>;
  /** What at least one app of the workspace has reached; an open walkthrough ticks it off. */
  milestones(reached: ReadonlySet<Milestone>): Promise<void>;
}

export function createContextKeys(): ContextKeys {
  const known = new Map<string, string>();
  const set = async (key: string, value: unknown) => {
    const text = JSON.stringify(value);
    if (known.get(key) === text) return;
    known.set(key, text);
    await vscode.commands.executeCommand('setContext', key, value);
  };
  return {
    reviewing: (value) => set(contextKeys.reviewing, value),
    appConfigFiles: (files) => set(contextKeys.appConfigFiles, [...files]),
    vaults: (welcome) => set(contextKeys.vaults, welcome),
    vaultsFiltered: (value) => set(contextKeys.vaultsFiltered, value),
    vaultsOnlyExpiring: (value) => set(contextKeys.vaultsOnlyExpiring, value),
    vaultsDeleted: (value) => set(contextKeys.vaultsDeleted, value),
    workspace: (welcome) => set(contextKeys.workspace, welcome),
    milestones: async (reached) => {
      await Promise.all(milestones.map((name) => set(contextKeys[name], reached.has(name))));
      // VS Code never ticks off an expression that was true when it first read the walkthrough (seen in 1.139).
      await set(contextKeys.walkthroughLooks, true);
      await set(contextKeys.walkthroughLooks, false);
    },
  };
}
