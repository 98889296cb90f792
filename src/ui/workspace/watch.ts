/** What makes the view "This Workspace" change: files, folders, trust, the clock. */
import * as vscode from 'vscode';

export interface Changes {
  /** These files, and everything that is told of known apps. */
  reread(files: readonly string[]): void;
  /** The workspace has other folders. */
  search(): void;
  redraw(): void;
}

/** Code, settings and certificates; whatever lies deeper in packages is none of the app's. */
const pattern = '**/{*.js,*.cjs,*.mjs,*.ts,*.cts,*.mts,*.jsx,*.tsx,*.json,.env,.env.*,*.pem,*.key,*.cer,*.crt,*.pfx}';
const foreign = /[/\\](?:node_modules|\.git|dist|build|out)[/\\]/;
const code = /\.[cm]?[jt]sx?$|\.json$/;

/** A save, a checkout and an install come in bursts; ms. */
const pause = 500;
const hour = 3_600_000;

export function watchWorkspace(
  view: vscode.TreeView<unknown>,
  changes: Changes,
  report: (error: unknown) => void,
): { dispose(): unknown }[] {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let drawn = performance.now();
  const read = () => {
    timer = undefined;
    const files = [...changed].filter((file) => code.test(file));
    changed.clear();
    changes.reread(files);
  };
  const note = ({ fsPath }: vscode.Uri) => {
    if (foreign.test(fsPath)) return;
    changed.add(fsPath);
    // What nobody sees is read when somebody does.
    if (!view.visible) return;
    clearTimeout(timer);
    timer = setTimeout(read, pause);
  };
  const disposables: { dispose(): unknown }[] = [];
  try {
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    disposables.push(watcher, watcher.onDidChange(note), watcher.onDidCreate(note), watcher.onDidDelete(note));
  } catch (error) {
    // Without a watcher there is still the button.
    report(error);
  }
  disposables.push(
    view.onDidChangeVisibility(({ visible }) => {
      if (!visible) return;
      if (changed.size > 0) read();
      // "Proven 3 days ago" was true when it was drawn.
      else if (performance.now() - drawn >= hour) changes.redraw();
      drawn = performance.now();
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(() => {
      changes.search();
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('clientCertificate.expiry')) changes.redraw();
    }),
    {
      dispose: () => {
        clearTimeout(timer);
      },
    },
  );
  return disposables;
}
