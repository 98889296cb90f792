/** Keeps the keyboard in the quick input that is on the screen. */
import * as vscode from 'vscode';

/** Milliseconds after which a webview may still take the focus that it was given before the input was shown. */
const lateFocus = [100, 300, 700];

/**
 * What closes before an input (the command palette, a dialog) gives the focus back to the editor behind. A webview takes it late, from
 * the input that is shown by then, and what is typed goes nowhere. There is no event for that: the focus is asked for again.
 * @param isOpen whether the input is on the screen; another one may be instead of it
 */
export function keepFocus(isOpen: () => boolean): vscode.Disposable {
  const behind = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (!(behind instanceof vscode.TabInputWebview || behind instanceof vscode.TabInputCustom))
    return new vscode.Disposable(() => undefined);
  const timers = lateFocus.map((delay) =>
    setTimeout(() => {
      if (isOpen()) void vscode.commands.executeCommand('workbench.action.focusQuickOpen');
    }, delay),
  );
  return new vscode.Disposable(() => {
    for (const timer of timers) clearTimeout(timer);
  });
}

/** VS Code forgets the rows of a list that was hidden; they have to be set again. */
export function showAgain(input: vscode.QuickInput): void {
  const picker = input as Partial<vscode.QuickPick<vscode.QuickPickItem>>;
  input.show();
  if (picker.items !== undefined) picker.items = [...picker.items];
}
