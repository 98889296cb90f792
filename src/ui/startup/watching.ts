/**
 * Watches what is shown for app configs. Loaded at start, so it only looks for a few words; the parser and everything else is loaded for
 * a document that has them, and for no other.
 */
import * as vscode from 'vscode';
import { configLanguages, mayHoldConfig } from './candidates.ts';

/** What the loaded UI does with a document that may hold a config. */
export interface Watcher {
  check(document: vscode.TextDocument): Promise<void>;
  close(uri: vscode.Uri): void;
  filesChanged(): void;
}

/** A pause in typing, in ms. */
const pause = 300;
/** @param load gives the UI; called for the first document that may hold a config */
export function watchConfigs(load: () => Watcher): vscode.Disposable {
  const timers = new Map<string, NodeJS.Timeout>();
  /** Documents that were given to the UI. */
  const given = new Set<string>();
  let watcher: Watcher | undefined;
  const isShown = ({ uri }: vscode.TextDocument) =>
    vscode.window.visibleTextEditors.some(({ document }) => document.uri.toString() === uri.toString());
  const isMeant = ({ uri, languageId }: vscode.TextDocument) =>
    uri.scheme === 'file' &&
    configLanguages.includes(languageId) &&
    !uri.path.includes('/node_modules/') &&
    vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  const look = (document: vscode.TextDocument) => {
    const name = document.uri.toString();
    timers.delete(name);
    if (document.isClosed || !isShown(document)) return;
    if (mayHoldConfig(document.getText())) {
      given.add(name);
      watcher ??= load();
      void watcher.check(document);
    } else if (given.delete(name)) watcher?.close(document.uri);
  };
  const later = (document: vscode.TextDocument, delay: number) => {
    if (!isMeant(document)) return;
    const name = document.uri.toString();
    clearTimeout(timers.get(name));
    timers.set(
      name,
      setTimeout(() => {
        look(document);
      }, delay),
    );
  };
  const shown = new Set<string>();
  const lookAtShown = (editors: readonly vscode.TextEditor[]) => {
    const names = new Set(editors.map(({ document }) => document.uri.toString()));
    for (const { document } of editors) if (!shown.has(document.uri.toString())) later(document, 0);
    shown.clear();
    for (const name of names) shown.add(name);
  };
  const changedFiles = () => watcher?.filesChanged();
  const listeners = [
    vscode.window.onDidChangeVisibleTextEditors(lookAtShown),
    // Whoever comes back from a terminal may have changed the files around the config: looked at anew, which is cheap.
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      if (editor !== undefined) later(editor.document, 0);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && isShown(document)) later(document, pause);
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (given.delete(uri.toString())) watcher?.close(uri);
    }),
    vscode.workspace.onDidSaveTextDocument(changedFiles),
    vscode.workspace.onDidCreateFiles(changedFiles),
    vscode.workspace.onDidDeleteFiles(changedFiles),
    vscode.workspace.onDidRenameFiles(changedFiles),
    vscode.workspace.onDidGrantWorkspaceTrust(changedFiles),
  ];
  // After activation: what is open already is looked at like what comes.
  const first = setTimeout(() => {
    lookAtShown(vscode.window.visibleTextEditors);
  }, 0);
  return vscode.Disposable.from(...listeners, {
    dispose: () => {
      clearTimeout(first);
      for (const timer of timers.values()) clearTimeout(timer);
    },
  });
}
