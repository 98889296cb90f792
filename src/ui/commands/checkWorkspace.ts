/** Check Workspace: the findings on every app config, in the Problems view. */
import * as vscode from 'vscode';
import { withProgress } from '../progress.ts';
import { workspaceConfigs } from './appConfigs.ts';
import type { Command } from './run.ts';
import { checkWorkspaceSchema } from './schemas.ts';

export const checkWorkspace: Command<'checkWorkspace'> = {
  schema: checkWorkspaceSchema,
  changes: false,
  fromFile: () => ({}),
  fromItem: () => ({}),
  async run({ interactive }, services) {
    const configs = await workspaceConfigs(services);
    const documents = await withProgress(vscode.l10n.t('Checking app configs'), (signal) =>
      services.checks.documents.checkConfigs(configs, signal),
    );
    const findings = documents.flatMap(({ uri, apps }) =>
      apps.flatMap((app) =>
        app.findings.map(({ code, severity, message, line }) => ({ file: uri.fsPath, code, severity, message, line })),
      ),
    );
    if (!interactive) return findings;
    if (configs.length === 0) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('No MSAL Node configuration was found in this workspace.'),
      );
    } else if (findings.length === 0) {
      void vscode.window.showInformationMessage(
        configs.length === 1
          ? vscode.l10n.t('Nothing to complain about in 1 app config.')
          : vscode.l10n.t('Nothing to complain about in {0} app configs.', configs.length),
      );
    } else await vscode.commands.executeCommand('workbench.actions.view.problems');
    return findings;
  },
};
