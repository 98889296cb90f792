/** The rows of a question for a file, and the dialog behind "Browse…". */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Row } from './pickRows.ts';
import type { FileQuestion } from './questions.ts';

/** The answer of the row that opens the dialog. */
export const browse = Symbol('browse');

/** The files found in the workspace, then the way to all others. */
export function fileRows(question: FileQuestion): Row<string | typeof browse>[] {
  const browseRow: Row<typeof browse> = {
    label: vscode.l10n.t('Browse…'),
    iconPath: new vscode.ThemeIcon('folder-opened'),
    detail: vscode.l10n.t('Or type an absolute path above.'),
    alwaysShow: true,
    answer: { value: browse },
  };
  const found = question.candidates.map((file): Row<string> => {
    const folder = vscode.workspace.asRelativePath(path.dirname(file), true);
    return {
      label: path.basename(file),
      description: folder,
      iconPath: new vscode.ThemeIcon(question.kind),
      answer: { value: file },
    };
  });
  return [...found, browseRow];
}

/** For an absolute path that was typed. */
export function typedRow(value: string): Row<string> {
  return {
    label: vscode.l10n.t('Use {0}', value),
    iconPath: new vscode.ThemeIcon('arrow-right'),
    alwaysShow: true,
    answer: { value: path.normalize(value) },
  };
}

/** Undefined when the dialog was left. */
export async function openDialog(question: FileQuestion): Promise<string | undefined> {
  const folder = question.candidates[0] ?? vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const chosen = await vscode.window.showOpenDialog({
    title: question.title,
    canSelectFiles: question.kind === 'file',
    canSelectFolders: question.kind === 'folder',
    ...(folder === undefined
      ? {}
      : { defaultUri: vscode.Uri.file(path.extname(folder) === '' ? folder : path.dirname(folder)) }),
    ...(question.kind === 'file' && question.extensions.length > 0
      ? {
          filters: {
            [vscode.l10n.t('Certificates and keys')]: [...question.extensions],
            [vscode.l10n.t('All files')]: ['*'],
          },
        }
      : {}),
  });
  return chosen?.[0]?.fsPath;
}
