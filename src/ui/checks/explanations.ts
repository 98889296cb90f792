/** Where the README explains a code: its line, found when the first finding is shown. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';

export interface Explanations {
  /** Undefined until {@link load} has ended, and for codes that the README does not have. */
  of(code: string): vscode.Uri | undefined;
  load(): Promise<void>;
}

/** @param folder of the extension; the packaged README is in lower case */
export function createExplanations(folder: string): Explanations {
  const lines = new Map<string, vscode.Uri>();
  let loading: Promise<void> | undefined;
  const read = async (): Promise<void> => {
    const name = (await readdir(folder)).find((each) => each.toLowerCase() === 'readme.md');
    if (name === undefined) return;
    const file = path.join(folder, name);
    for (const [index, line] of (await readFile(file, 'utf8')).split('\n').entries()) {
      const code = /^- `([a-z0-9-]+)`: /.exec(line)?.[1];
      // Warnings and findings stand in the second list, and mean what is meant here.
      if (code !== undefined) lines.set(code, vscode.Uri.file(file).with({ fragment: `L${index + 1}` }));
    }
  };
  return {
    of: (code) => lines.get(code),
    load: () => (loading ??= read().catch(() => undefined)),
  };
}
