/** Keeps the keyboard in the quick input that is on the screen. */
import * as vscode from 'vscode';

/** Milliseconds that a webview takes at most, as a rule, to take the focus that it is given. */
const webviewDelay = 150;

/**
 * What closes before an input (the command palette, a dialog) gives the focus back to the editor behind. A webview takes it late: from
 * the input that is on the screen by then, and what is typed goes nowhere. An input that is shown after that keeps it.
 * (The command `workbench.action.focusQuickOpen` is no help: it focuses the list, not the box above it.)
 */
export async function focusSettled(): Promise<void> {
  const behind = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (behind instanceof vscode.TabInputWebview || behind instanceof vscode.TabInputCustom)
    await new Promise((resolve) => setTimeout(resolve, webviewDelay));
}

/** VS Code forgets the rows of a list that was hidden; they have to be set again. */
export function showAgain(input: vscode.QuickInput): void {
  const picker = input as Partial<vscode.QuickPick<vscode.QuickPickItem>>;
  input.show();
  if (picker.items !== undefined) picker.items = [...picker.items];
}
