/** The diff editors of the review, over read-only documents that hold masked text. */
import path from 'node:path';
import * as vscode from 'vscode';
import { reviewScheme } from '../contributions.ts';
import type { ReviewedFile } from './reviewTexts.ts';

export interface ReviewDocument {
  readonly path: string;
  /** The real file: names the entry and opens on click. */
  readonly resource: vscode.Uri;
  readonly before: vscode.Uri | undefined;
  readonly after: vscode.Uri;
}

/** Registers both sides of a file under addresses of this review. */
export function documentOf(file: ReviewedFile, session: string, texts: Map<string, string>): ReviewDocument {
  const uri = (side: string, content: string) => {
    const made = vscode.Uri.file(file.path).with({ scheme: reviewScheme, query: `session=${session}&${side}` });
    texts.set(made.toString(), content);
    return made;
  };
  return {
    path: file.path,
    resource: vscode.Uri.file(file.path),
    before: file.before === undefined ? undefined : uri('before', file.before),
    after: uri('after', file.after),
  };
}

/** Opens all changes in VS Code's multi-file diff editor. */
export async function openAll(title: string, documents: readonly ReviewDocument[]): Promise<void> {
  if (documents.length === 0) return;
  await vscode.commands.executeCommand(
    'vscode.changes',
    title,
    documents.map((document) => [document.resource, document.before, document.after]),
  );
}

/** Opens one file's change in a diff editor. */
export async function openOne(document: ReviewDocument | undefined): Promise<void> {
  if (document === undefined) return;
  const name = path.basename(document.path);
  const options: vscode.TextDocumentShowOptions = { preview: true, preserveFocus: true };
  if (document.before === undefined) await vscode.window.showTextDocument(document.after, options);
  else {
    const title = vscode.l10n.t('{0} (before and after)', name);
    await vscode.commands.executeCommand('vscode.diff', document.before, document.after, title, options);
  }
}

/** Closes the tabs of one review; the multi-file editor has no type in the API and is known by its title. */
export async function closeAll(title: string, session: string): Promise<void> {
  const mine = reviewTabs((uri) => uri.query.startsWith(`session=${session}&`), title);
  if (mine.length > 0) await vscode.window.tabGroups.close(mine, true);
}

/** Tabs whose documents belong to a review. */
export function reviewTabs(belongs: (uri: vscode.Uri) => boolean, multiTitle: string): vscode.Tab[] {
  const isMine = (uri: vscode.Uri) => uri.scheme === reviewScheme && belongs(uri);
  return vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ input, label }) => {
      if (input instanceof vscode.TabInputTextDiff) return isMine(input.modified);
      if (input instanceof vscode.TabInputText) return isMine(input.uri);
      // VS Code adds the number of files to the title.
      return label.startsWith(multiTitle);
    });
}
