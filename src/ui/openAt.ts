import * as vscode from 'vscode';

/** Opens a file at a 1-based line and column. */
export async function openAt(file: string, line = 1, column = 1): Promise<void> {
  const position = new vscode.Position(line - 1, column - 1);
  await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(position, position) });
}
