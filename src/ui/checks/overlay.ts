/** Files as the editor has them: what is typed and not saved yet counts. */
import * as vscode from 'vscode';
import type { FileReader } from '../../base/ports.ts';

/** A reader that prefers the text of open documents. They have no BOM, so that offsets are the same as in the editor. */
export function overlay(files: FileReader): FileReader {
  const open = new Map(
    vscode.workspace.textDocuments
      .filter(({ uri, isClosed }) => uri.scheme === 'file' && !isClosed)
      .map((document) => [document.uri.fsPath, document]),
  );
  return {
    ...files,
    read: (path) => {
      const document = open.get(path);
      return document === undefined ? files.read(path) : Promise.resolve(Buffer.from(document.getText()));
    },
    stat: (path) => files.stat(path),
    list: (folder) => files.list(folder),
  };
}
