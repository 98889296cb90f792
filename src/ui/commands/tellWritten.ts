import * as vscode from 'vscode';
import { relative } from './appConfigs.ts';

/** Says where a file was written; never opens it by itself. */
export function tellWritten(file: string, isPrivate: boolean): void {
  const reveal = vscode.l10n.t('Reveal');
  const message = isPrivate
    ? vscode.l10n.t('{0} is written; only you can read it.', relative(file))
    : vscode.l10n.t('{0} is written.', relative(file));
  void vscode.window.showInformationMessage(message, reveal).then((chosen) => {
    if (chosen === reveal) void vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(file));
  });
}
