/** Changes that no editor of this window made: a terminal, another program, another window. Made when the first config is shown. */
import * as vscode from 'vscode';
import { filesOfFindings } from '../globs.ts';

/** An install and a checkout come in bursts; ms. */
const pause = 500;

/** @param changed called once after a burst, and when the window is turned to again: not everything lies where it can be watched */
export function watchOutside(changed: () => void, report: (error: unknown) => void): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(changed, pause);
  };
  let { focused } = vscode.window.state;
  const disposables: vscode.Disposable[] = [
    vscode.window.onDidChangeWindowState((state) => {
      if (state.focused && !focused) later();
      ({ focused } = state);
    }),
    new vscode.Disposable(() => {
      clearTimeout(timer);
    }),
  ];
  try {
    const watcher = vscode.workspace.createFileSystemWatcher(filesOfFindings);
    disposables.push(watcher, watcher.onDidChange(later), watcher.onDidCreate(later), watcher.onDidDelete(later));
  } catch (error) {
    // Without a watcher there is still the way back to the window.
    report(error);
  }
  return vscode.Disposable.from(...disposables);
}
