/** Shows a failure once, with the buttons that help. */
import * as vscode from 'vscode';
import { isExpectedError } from '../../base/errors.ts';
import type { ExpectedError } from '../../base/errors.ts';
import { commands, showLogCommand } from '../../contributions.ts';
import { openAt } from '../openAt.ts';

interface Remedy {
  readonly label: string;
  act(): Thenable<unknown>;
}

/** @param error masked already */
export async function showError(error: Error): Promise<void> {
  const remedies = isExpectedError(error) ? remediesOf(error) : [showLog()];
  const message = isExpectedError(error)
    ? error.message
    : vscode.l10n.t(
        'Something went wrong that should not have: {0}. The log has the details; please report them as an issue of the extension.',
        error.message,
      );
  const isGoodNews = isExpectedError(error) && error.code === 'nothing-to-do';
  const show = isGoodNews ? vscode.window.showInformationMessage : vscode.window.showErrorMessage;
  const chosen = await show(message, ...remedies.map((remedy) => remedy.label));
  await remedies.find((remedy) => remedy.label === chosen)?.act();
}

function remediesOf(error: ExpectedError): Remedy[] {
  const { file, line, column } = error.details;
  const run = (command: string): Thenable<unknown> =>
    file === undefined
      ? vscode.commands.executeCommand(command)
      : vscode.commands.executeCommand(command, vscode.Uri.file(file));
  const remedies: Remedy[] = [];
  if (error.code === 'setup-unfinished') {
    remedies.push(
      { label: vscode.l10n.t('Continue Setup'), act: () => run(commands.continueSetup) },
      { label: vscode.l10n.t('Undo Setup'), act: () => run(commands.undoSetup) },
    );
  } else if (error.code === 'not-signed-in') {
    remedies.push({
      label: vscode.l10n.t('Sign In'),
      act: () => vscode.commands.executeCommand(commands.signIn),
    });
  } else if (error.code === 'proof-needed') {
    remedies.push({ label: vscode.l10n.t('Prove Sign-In'), act: () => run(commands.prove) });
  } else if (error.code === 'workspace-not-trusted') {
    remedies.push({
      label: vscode.l10n.t('Manage Workspace Trust'),
      act: () => vscode.commands.executeCommand('workbench.trust.manage'),
    });
  } else if (file !== undefined && !/\.(pfx|p12|der|cer|p7b)$/i.test(file)) {
    remedies.push({ label: vscode.l10n.t('Open File'), act: () => openAt(file, line, column) });
  }
  return remedies;
}

function showLog(): Remedy {
  return {
    label: vscode.l10n.t('Show Log'),
    act: () => vscode.commands.executeCommand(showLogCommand),
  };
}
