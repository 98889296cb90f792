/** The view "This Workspace" and the walkthrough, as commands. */
import * as vscode from 'vscode';
import { walkthrough, workspaceView } from '../../contributions.ts';
import { flag } from '../options.ts';
import { withProgress } from '../progress.ts';
import { workspaceResult } from '../workspaceView/result.ts';
import type { Command } from './run.ts';

export const refreshWorkspace: Command<'refreshWorkspace'> = {
  schema: { ask: flag },
  changes: false,
  // A button of the view's title, and of rows about what was not asked: both mean everything.
  fromItem: () => ({}),
  async run({ options, interactive }, services) {
    const { workspace } = services;
    await withProgress(vscode.l10n.t('Looking at the apps of this workspace'), (signal) =>
      workspace.refresh(options.ask ?? true, signal),
    );
    if (interactive) await vscode.commands.executeCommand(`${workspaceView}.focus`);
    return workspace.judged().map(workspaceResult);
  },
};

export const openWalkthrough: Command<'openWalkthrough'> = {
  schema: {},
  changes: false,
  fromItem: () => ({}),
  async run(_run, services) {
    await vscode.commands.executeCommand(
      'workbench.action.openWalkthrough',
      `${services.extensionId}#${walkthrough}`,
      false,
    );
    return {};
  },
};
