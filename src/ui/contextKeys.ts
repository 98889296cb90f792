/** Sets the context keys that `when` clauses read, and only when they change: each change is a round trip. */
import * as vscode from 'vscode';
import { contextKeys } from '../contributions.ts';

export interface ContextKeys {
  reviewing(value: boolean): Promise<void>;
  /** @param files absolute paths */
  appConfigFiles(files: readonly string[]): Promise<void>;
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
  };
}
