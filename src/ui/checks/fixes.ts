/** Quick fixes for findings, where one is safe. What leads to a command only opens it: the command asks. */
import * as vscode from 'vscode';
import type { FileEdits } from '../../appConfig/types.ts';
import { ExpectedError } from '../../base/errors.ts';
import { positionAt } from '../../base/edits.ts';
import { commands } from '../../contributions.ts';
import type { EditKind, Finding, FindingFix } from '../../diagnosis/types.ts';
import type { Services } from '../services.ts';
import { rangeOf, source } from './diagnostics.ts';
import type { ConfigDocuments } from './documents.ts';
import { overlay } from './overlay.ts';

/** Not in the palette: fixes call them with the key file. */
const internal = { protect: '_clientCertificate.protectKeyFile', ignore: '_clientCertificate.ignoreKeyFile' } as const;

export function registerFixes(
  selector: vscode.DocumentSelector,
  documents: ConfigDocuments,
  services: Services,
  recheck: () => void,
): vscode.Disposable {
  const provider: vscode.CodeActionProvider = {
    async provideCodeActions(document, _range, { diagnostics }) {
      const checked = documents.of(document.uri);
      if (checked?.apps === undefined || !vscode.workspace.isTrusted) return [];
      const isCurrent = checked.version === document.version;
      const findings = checked.apps.flatMap((app) => app.findings);
      const actions: vscode.CodeAction[] = [];
      for (const diagnostic of diagnostics.filter((each) => each.source === source)) {
        const finding = findings.find(
          (each) => codeOf(diagnostic) === each.code && rangeOf(each).isEqual(diagnostic.range),
        );
        const action = finding?.fix && (await actionOf(finding, finding.fix, document, isCurrent, services));
        if (action === undefined) continue;
        action.diagnostics = [diagnostic];
        actions.push(action);
      }
      return actions;
    },
  };
  const run = (act: (file: string) => Promise<void>) => async (file: unknown) => {
    if (typeof file !== 'string' || !services.isTrusted()) return;
    try {
      await act(file);
    } catch (error) {
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    }
    documents.forget();
    recheck();
  };
  return vscode.Disposable.from(
    vscode.languages.registerCodeActionsProvider(selector, provider, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
    vscode.commands.registerCommand(
      internal.protect,
      run((file) => services.files.protect(file)),
    ),
    vscode.commands.registerCommand(
      internal.ignore,
      run((file) => addToGitignore(file, services)),
    ),
  );
}

function codeOf({ code }: vscode.Diagnostic): unknown {
  return typeof code === 'object' ? code.value : code;
}

async function actionOf(
  { code }: Finding,
  fix: FindingFix,
  document: vscode.TextDocument,
  isCurrent: boolean,
  services: Services,
): Promise<vscode.CodeAction | undefined> {
  const action = new vscode.CodeAction(titleOf(fix), vscode.CodeActionKind.QuickFix);
  switch (fix.kind) {
    case 'edit':
    case 'env': {
      const edit = isCurrent ? await editOf(fix, document) : undefined;
      if (edit === undefined) return undefined;
      action.edit = edit;
      // The thumbprint of another certificate may be right, and the file beside the key wrong.
      action.isPreferred = code !== 'thumbprint-of-other-certificate' && !fix.what.startsWith('sha');
      return action;
    }
    case 'repair': {
      const planned = isCurrent ? await repairOf(fix, document, services) : [];
      if (planned.length === 0) return undefined;
      action.edit = asEdit(planned);
      action.isPreferred = true;
      const env = planned.find(({ role }) => role === 'env');
      // What was a secret in the code must not be committed with the .env file.
      if (env !== undefined && fix.what !== 'lineEnds')
        action.command = { title: action.title, command: internal.ignore, arguments: [env.path] };
      return action;
    }
    case 'protect':
      action.command = { title: action.title, command: internal.protect, arguments: [fix.file] };
      action.isPreferred = true;
      return action;
    case 'ignore':
      action.command = { title: action.title, command: internal.ignore, arguments: [fix.file] };
      action.isPreferred = true;
      return action;
    case 'command':
      action.command = { title: action.title, command: commands[fix.command], arguments: [document.uri] };
      return action;
  }
}

function editTitles(): Record<EditKind, string> {
  return {
    name: vscode.l10n.t('Correct the name of the property'),
    thumbprint: vscode.l10n.t('Write the thumbprint as MSAL reads it'),
    own: vscode.l10n.t('Use the thumbprint of the certificate that belongs to the key'),
    sha256: vscode.l10n.t('Use the SHA-256 thumbprint'),
    sha1: vscode.l10n.t('Use the SHA-1 thumbprint'),
  };
}

function repairTitles(): Record<Extract<FindingFix, { kind: 'repair' }>['what'], string> {
  return {
    passphrase: vscode.l10n.t('Move the pass phrase to the .env file'),
    privateKey: vscode.l10n.t('Move the private key to the .env file'),
    lineEnds: vscode.l10n.t('Put the private key in double quotes, so that its line ends are read'),
  };
}

function titleOf(fix: FindingFix): string {
  switch (fix.kind) {
    case 'edit':
    case 'env':
      return editTitles()[fix.what];
    case 'repair':
      return repairTitles()[fix.what];
    case 'protect':
      return vscode.l10n.t('Allow the key file to its owner only');
    case 'ignore':
      return vscode.l10n.t('Add the key file to .gitignore');
    case 'command':
      return fix.command === 'setUp'
        ? vscode.l10n.t('Set Up Client Certificate…')
        : vscode.l10n.t('Rotate Certificate…');
  }
}

/** Undefined where the `.env` file is not as it was when it was read. */
async function editOf(
  fix: Extract<FindingFix, { kind: 'edit' | 'env' }>,
  document: vscode.TextDocument,
): Promise<vscode.WorkspaceEdit | undefined> {
  const edit = new vscode.WorkspaceEdit();
  const text = document.getText();
  for (const { offset, length, text: to } of fix.edits) {
    const range = new vscode.Range(at(text, offset), at(text, offset + length));
    edit.replace(document.uri, range, to);
  }
  if (fix.kind === 'edit') return edit;
  const env = await vscode.workspace.openTextDocument(fix.file);
  if (fix.line > env.lineCount) return undefined;
  const line = env.lineAt(fix.line - 1);
  const column = line.text.indexOf(fix.from);
  if (column < 0 || line.text.includes(fix.from, column + 1)) return undefined;
  edit.replace(env.uri, new vscode.Range(fix.line - 1, column, fix.line - 1, column + fix.from.length), fix.to);
  return edit;
}

function at(text: string, offset: number): vscode.Position {
  const { line, column } = positionAt(text, offset);
  return new vscode.Position(line - 1, column - 1);
}

/** Nothing where the repair cannot be made without a doubt. */
function repairOf(
  { what, line }: Extract<FindingFix, { kind: 'repair' }>,
  { uri }: vscode.TextDocument,
  services: Services,
): Promise<readonly FileEdits[]> {
  const request = { what, file: uri.fsPath, line, roots: services.roots() };
  return services.appConfigs().planKeyFix(request, overlay(services.searched));
}

/** As one edit that can be undone. */
function asEdit(planned: readonly FileEdits[]): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { path, before, edits } of planned) {
    const uri = vscode.Uri.file(path);
    if (before === undefined) edit.createFile(uri, { contents: Buffer.from(edits.map(({ text }) => text).join('')) });
    else
      for (const { offset, length, text } of edits)
        edit.replace(uri, new vscode.Range(at(before, offset), at(before, offset + length)), text);
  }
  return edit;
}

/** In one step that can be undone; the file is saved, because git reads files. */
async function addToGitignore(file: string, services: Services): Promise<void> {
  const roots = services.roots();
  const planned = await services.appConfigs().planIgnore([file], roots[0] ?? file, roots, services.searched);
  if (!(await vscode.workspace.applyEdit(asEdit(planned)))) {
    throw new ExpectedError(
      'not-ignored',
      vscode.l10n.t(
        'The .gitignore file could not be changed. Add the line by hand: {0}',
        vscode.workspace.asRelativePath(file),
      ),
    );
  }
  for (const { path, before } of planned) {
    if (before !== undefined) await (await vscode.workspace.openTextDocument(path)).save();
  }
}
