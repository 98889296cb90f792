/** What is known about a credential, above it and when the mouse rests on it. */
import * as vscode from 'vscode';
import { commands, settings } from '../../contributions.ts';
import type { ConfigDocuments } from './documents.ts';
import { provenText, statusText } from './statusText.ts';
import type { CheckedApp } from './statusText.ts';

export function registerLens(
  selector: vscode.DocumentSelector,
  documents: ConfigDocuments,
  now: () => number,
): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const isOn = () => vscode.workspace.getConfiguration().get(settings.codeLens) !== false;
  const lenses: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: ({ uri }) =>
      isOn() ? (documents.of(uri)?.apps ?? []).flatMap((app) => lensesOf(app, uri, now())) : [],
  };
  const hover: vscode.HoverProvider = {
    provideHover({ uri }, position) {
      const app = documents.of(uri)?.apps.find((each) => placeOf(each).contains(position));
      return app && new vscode.Hover(hoverText(app, uri, now()), placeOf(app));
    },
  };
  return vscode.Disposable.from(
    changed,
    vscode.languages.registerCodeLensProvider(selector, lenses),
    vscode.languages.registerHoverProvider(selector, hover),
    documents.onDidChange(() => {
      changed.fire();
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(settings.codeLens)) changed.fire();
    }),
  );
}

/** The name of the credential's property. */
function placeOf({ config }: CheckedApp): vscode.Range {
  const place = config.places?.credential;
  if (place === undefined) return new vscode.Range(config.line - 1, 0, config.line - 1, Number.MAX_SAFE_INTEGER);
  return new vscode.Range(place.line - 1, place.column - 1, place.endLine - 1, place.endColumn - 1);
}

interface Action {
  readonly title: string;
  readonly command: string;
  readonly changes: boolean;
}

/** What can be done next; the first is what most people want. */
function actionsOf({ config }: CheckedApp): Action[] {
  const check: Action = { title: vscode.l10n.t('Check'), command: commands.checkApp, changes: false };
  switch (config.credential) {
    case 'secret':
      return [{ title: vscode.l10n.t('Set Up Client Certificate…'), command: commands.setUp, changes: true }, check];
    case 'certificate':
    case 'assertion':
    case 'secretAndCertificate':
      return [
        { title: vscode.l10n.t('Prove Sign-In'), command: commands.prove, changes: true },
        { title: vscode.l10n.t('Rotate…'), command: commands.rotate, changes: true },
        check,
      ];
    default:
      return [];
  }
}

function lensesOf(app: CheckedApp, uri: vscode.Uri, now: number): vscode.CodeLens[] {
  const actions = actionsOf(app).filter(({ changes }) => !changes || vscode.workspace.isTrusted);
  if (actions.length === 0) return [];
  const range = placeOf(app);
  const [first, ...others] = actions;
  // What is known opens the check; what can be done stands beside it.
  const state = new vscode.CodeLens(range, {
    title: `$(shield) ${statusText(app, now)}`,
    tooltip: vscode.l10n.t('Check this app config'),
    command: commands.checkApp,
    arguments: [uri],
  });
  const shown = [first, ...others].filter((action) => action !== undefined && action.command !== commands.checkApp);
  return [
    state,
    ...shown.flatMap((action) =>
      action === undefined
        ? []
        : [new vscode.CodeLens(range, { title: action.title, command: action.command, arguments: [uri] })],
    ),
  ];
}

/** Facts as a list. A subject is a stranger's text: it goes in as text, never as Markdown. */
function hoverText(app: CheckedApp, uri: vscode.Uri, now: number): vscode.MarkdownString {
  const { certificate, registered, proof, config } = app;
  const text = new vscode.MarkdownString(undefined, true);
  const line = (label: string, value: string) =>
    text.appendMarkdown(`- ${label}: `).appendText(value).appendMarkdown('\n');
  text.appendText(statusText(app, now)).appendMarkdown('\n\n');
  const { vault } = config;
  if (vault !== undefined) {
    line(vscode.l10n.t('Vault'), vault.origin.value ?? '…');
    line(vscode.l10n.t('Certificate'), vault.certificate.value ?? '…');
    line(vscode.l10n.t('Version'), vault.version.value ?? '…');
    if (vault.keyFrom === 'keyVaultSign') line(vscode.l10n.t('Private key'), vscode.l10n.t('never leaves the vault'));
  }
  if (certificate?.subject !== undefined) line(vscode.l10n.t('Subject'), certificate.subject);
  if (certificate?.notAfter !== undefined) line(vscode.l10n.t('Valid until'), certificate.notAfter.slice(0, 10));
  if (certificate?.thumbprintSha256 !== undefined) line('SHA-256', certificate.thumbprintSha256);
  if (certificate?.thumbprintSha1 !== undefined) line('SHA-1', certificate.thumbprintSha1);
  if (config.msal.version !== undefined) line('msal-node', config.msal.version);
  if (registered !== undefined) {
    const value = registered
      ? vscode.l10n.t('yes, when the setup last looked')
      : vscode.l10n.t('not as far as the setup knows');
    line(vscode.l10n.t('Registered'), value);
  }
  if (proof !== undefined)
    line(vscode.l10n.t('Proof'), `${provenText(Date.parse(proof.at), now)} (${proof.algorithm})`);
  const actions = actionsOf(app).filter(({ changes }) => !changes || vscode.workspace.isTrusted);
  const argument = encodeURIComponent(JSON.stringify([uri]));
  text.appendMarkdown(
    `\n${actions.map(({ title, command }) => `[${title}](command:${command}?${argument})`).join(' · ')}`,
  );
  text.isTrusted = { enabledCommands: actions.map(({ command }) => command) };
  return text;
}
