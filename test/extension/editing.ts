/** What a developer sees and does in an editor: findings, quick fixes, lenses, hovers. Everything is waited for, nothing is slept for. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';

/** Quick fixes of this extension: those of others name no diagnostic either when they come back from VS Code's command. */
const ownFixes =
  /property|thumbprint|key file|line ends|pass phrase|private key|Set Up Client Certificate|Rotate Certificate/i;

/** Waits until something is so; fails with `what()` after 100 seconds, which only a hanging one takes. */
export async function until(isTrue: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  const end = Date.now() + 100_000;
  while (!(await isTrue())) {
    assert.ok(Date.now() < end, what());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Writes a file and opens it in an editor. */
export async function open(file: string, text: string): Promise<vscode.TextDocument> {
  await writeFile(file, text);
  const document = await vscode.workspace.openTextDocument(file);
  await vscode.window.showTextDocument(document);
  return document;
}

/** Closes every editor; what was typed and not saved is thrown away. */
export async function closeAll(): Promise<void> {
  while (vscode.window.activeTextEditor?.document.isDirty === true)
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  for (const document of vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

export function ownDiagnostics(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Client Certificate');
}

export function codeOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

/** Waits until the editor shows exactly these findings. */
export async function shown(uri: vscode.Uri, ...codes: readonly string[]): Promise<vscode.Diagnostic[]> {
  const names = () => ownDiagnostics(uri).map(codeOf).sort().join();
  await until(
    () => names() === [...codes].sort().join(),
    () => `shown: ${names()}, expected: ${[...codes].sort().join()}`,
  );
  return ownDiagnostics(uri);
}

export async function fixesOf(
  { uri }: vscode.TextDocument,
  { range }: vscode.Diagnostic,
): Promise<vscode.CodeAction[]> {
  const all = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    range,
    vscode.CodeActionKind.QuickFix.value,
  );
  return all.filter(({ title }) => ownFixes.test(title));
}

/** As choosing the quick fix does; the files that it edits are saved. */
export async function applied(action: vscode.CodeAction | undefined): Promise<void> {
  assert.ok(action !== undefined, 'no quick fix');
  if (action.edit !== undefined) assert.ok(await vscode.workspace.applyEdit(action.edit));
  if (action.command !== undefined)
    await vscode.commands.executeCommand(action.command.command, ...((action.command.arguments ?? []) as unknown[]));
}

/**
 * The shown document as it stands on disk by now, where a command has changed it. VS Code does that by itself when its watcher tells
 * of the change, which it does not on every machine (none in a container's server).
 */
export async function reread(document: vscode.TextDocument): Promise<void> {
  await vscode.window.showTextDocument(document);
  const onDisk = (await readFile(document.uri.fsPath, 'utf8')).replace(/^\uFEFF/, '');
  if (document.getText() !== onDisk) await vscode.commands.executeCommand('workbench.action.files.revert');
  assert.equal(document.getText(), onDisk);
}

/** Saves every document that was changed and not saved. */
export async function saveAll(): Promise<void> {
  const dirty = () => vscode.workspace.textDocuments.filter(({ isDirty, isClosed }) => isDirty && !isClosed);
  await until(
    async () => {
      // A document that nobody shows is closed by VS Code as soon as something else has saved it.
      for (const document of dirty()) await vscode.workspace.save(document.uri);
      return dirty().length === 0;
    },
    () =>
      `not saved: ${dirty()
        .map(({ uri }) => uri.fsPath)
        .join()}`,
  );
}

/** Titles of the lenses above a document's credentials. */
export async function lensesOf({ uri }: vscode.TextDocument): Promise<string[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 50);
  return lenses.map(({ command }) => command?.title ?? '');
}

/** Where these lenses stand. */
export async function lensRanges({ uri }: vscode.TextDocument): Promise<vscode.Range[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 50);
  return lenses.map(({ range }) => range);
}

/** Waits for the lens that tells the credential's state: then the document has been checked. Returns it without its icon. */
export async function stateShown(document: vscode.TextDocument): Promise<string> {
  let state: string | undefined;
  await until(
    async () => (state = (await lensesOf(document)).find((title) => title.startsWith('$(shield) '))) !== undefined,
    () => `no lens in ${document.uri.fsPath}`,
  );
  return state?.replace('$(shield) ', '') ?? '';
}

/** What the mouse tells over the first place of this text: Markdown. */
export async function hoverOf(document: vscode.TextDocument, word: string): Promise<vscode.MarkdownString | undefined> {
  const at = document.getText().indexOf(word);
  assert.ok(at >= 0, `no ${word}`);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    document.positionAt(at + 1),
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .find(
      (each): each is vscode.MarkdownString =>
        each instanceof vscode.MarkdownString && each.value.includes('clientCertificate.'),
    );
}
