/**
 * Entry point. Registers what package.json contributes and nothing more: everything else is loaded on first use, so that
 * a window in which the extension is not needed pays for this small file only.
 */
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as vscode from 'vscode';
import { createMasker } from './base/masking.ts';
import {
  certificatesSeenKey,
  commands,
  languageModelTools,
  reviewCommands,
  reviewScheme,
  showLogCommand,
  taskType,
  viewerViewTypes,
} from './contributions.ts';
import type { CommandName, LanguageModelToolName, ReviewDecisionName } from './contributions.ts';
import { createLazy } from './lazy.ts';
import { checkTasks } from './ui/startup/checkTasks.ts';
import { errorLinks } from './ui/startup/terminalLinks.ts';
import type { Ui } from './ui/part.ts';
import { registerViews } from './ui/startup/views.ts';
import { watchConfigs } from './ui/startup/watching.ts';

/** Called by VS Code once per window, after start-up. Synchronous, without I/O. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel(vscode.l10n.t('Client Certificate'), { log: true });
  context.subscriptions.push(log);

  const dist = path.join(context.extensionUri.fsPath, 'dist');
  const lazy = createLazy(dist, vscode.l10n.bundle, createRequire(path.join(dist, 'extension.js')));
  let ui: Ui | undefined;
  const loadUi = () => (ui ??= lazy.ui().createUi({ context, lazy, log, ...views }));
  const views = registerViews(context.subscriptions, () => loadUi());

  for (const [name, id] of Object.entries(commands) as [CommandName, string][]) {
    context.subscriptions.push(vscode.commands.registerCommand(id, (...args: unknown[]) => loadUi().run(name, args)));
  }
  for (const [name, id] of Object.entries(reviewCommands) as [ReviewDecisionName, string][]) {
    context.subscriptions.push(vscode.commands.registerCommand(id, () => ui?.decideReview(name)));
  }
  context.subscriptions.push(
    vscode.commands.registerCommand(showLogCommand, () => {
      log.show();
    }),
  );

  context.subscriptions.push(vscode.window.registerTerminalLinkProvider(errorLinks));
  for (const viewType of Object.values(viewerViewTypes)) {
    context.subscriptions.push(registerViewer(viewType, (...shown) => loadUi().showCertificateFile(...shown)));
  }

  for (const [name, id] of Object.entries(languageModelTools) as [LanguageModelToolName, string][]) {
    context.subscriptions.push(
      vscode.lm.registerTool(id, { invoke: ({ input }, token) => loadUi().invokeTool(name, input, token) }),
    );
  }

  context.subscriptions.push(
    watchConfigs(() => loadUi().checks()),
    vscode.tasks.registerTaskProvider(
      taskType,
      checkTasks((definition, scope) => loadUi().checkTerminal(definition, scope)),
    ),
  );

  // After start-up only: one listing of a folder that most people do not have decides whether the UI is loaded at all.
  const startup = setImmediate(() => {
    afterStartup(context, loadUi).catch((error: unknown) => {
      log.error(createMasker().text(error instanceof Error ? (error.stack ?? error.message) : String(error)));
    });
  });
  context.subscriptions.push({
    dispose: () => {
      clearImmediate(startup);
    },
  });
}

/** The documents hold nothing: the panel reads the file when it is shown. */
function registerViewer(viewType: string, show: Ui['showCertificateFile']): vscode.Disposable {
  return vscode.window.registerCustomEditorProvider(
    viewType,
    {
      openCustomDocument: (uri): vscode.CustomDocument => ({ uri, dispose: () => undefined }),
      resolveCustomEditor: ({ uri }, panel) => {
        show(uri, panel);
      },
    },
    { supportsMultipleEditorsPerDocument: true, webviewOptions: { enableFindWidget: true } },
  );
}

/** Closes review editors that a killed window left open; offers its unfinished setups and reminds of ending certificates. */
async function afterStartup(context: vscode.ExtensionContext, loadUi: () => Ui): Promise<void> {
  const stale = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter(isReviewTab);
  if (stale.length > 0) await vscode.window.tabGroups.close(stale);
  const journals = await readdir(path.join(context.globalStorageUri.fsPath, 'journal')).catch(() => []);
  const seen = context.workspaceState.get<readonly unknown[]>(certificatesSeenKey) ?? [];
  if (journals.length > 0 || seen.length > 0) await loadUi().offerUnfinishedSetup();
}

/** The multi-file editor has no type in the API and is known by its title, to which VS Code adds the number of files. */
function isReviewTab({ input, label }: vscode.Tab): boolean {
  if (input instanceof vscode.TabInputTextDiff) return input.modified.scheme === reviewScheme;
  if (input instanceof vscode.TabInputText) return input.uri.scheme === reviewScheme;
  return label.startsWith(vscode.l10n.t('Review: Set Up Client Certificate'));
}
