/** The credential of the config that is open, in the language status; the status bar only while something expires soon. */
import path from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../../contributions.ts';
import type { CertificateInUse } from '../../setup/index.ts';
import { literalGlob } from '../globs.ts';
import { expiryText } from '../vaultTree/states.ts';
import type { Thresholds } from '../vaultTree/states.ts';
import { usedIn } from './documents.ts';
import type { CheckedDocument, ConfigDocuments } from './documents.ts';
import { wantsAction } from './inUse.ts';
import { statusText } from './statusText.ts';

export interface Status {
  /** Certificates of the workspace's apps, also of those whose configs nobody has open. */
  certificates(found: readonly CertificateInUse[]): void;
  dispose(): void;
}

export function createStatus(documents: ConfigDocuments, thresholds: () => Thresholds, now: () => number): Status {
  const language = vscode.languages.createLanguageStatusItem('clientCertificate.credential', []);
  language.name = vscode.l10n.t('Client Certificate');
  let bar: vscode.StatusBarItem | undefined;
  let known: readonly CertificateInUse[] = [];

  const showDocument = () => {
    const shown = documents.all().filter(({ apps }) => apps.length > 0);
    language.selector = shown.map(({ uri }) => filterOf(uri));
    const active = vscode.window.activeTextEditor?.document.uri;
    const current = shown.find(({ uri }) => uri.toString() === active?.toString());
    const [app] = current?.apps ?? [];
    if (current === undefined || app === undefined) return;
    language.text = `$(shield) ${statusText(app, now())}`;
    language.detail = language.name;
    language.severity = severityOf(current);
    language.command = { title: vscode.l10n.t('Check'), command: commands.checkApp, arguments: [current.uri] };
  };

  const showExpiry = () => {
    const checked = documents.all().flatMap(usedIn);
    // What was just read of an app holds more than what a setup noted once.
    const others = known.filter(({ config }) => !checked.some((each) => each.config === config));
    const [soonest] = [...checked, ...others]
      .filter((each) => wantsAction(each, thresholds(), now()))
      .sort((a, b) => (a.notAfter < b.notAfter ? -1 : 1));
    if (soonest === undefined) {
      bar?.dispose();
      bar = undefined;
      return;
    }
    bar ??= vscode.window.createStatusBarItem('clientCertificate.expiry', vscode.StatusBarAlignment.Left, 0);
    const file = vscode.Uri.file(soonest.config);
    bar.name = vscode.l10n.t('Client Certificate Expiry');
    bar.text = `$(warning) ${vscode.l10n.t('Certificate {0}', expiryText(Date.parse(soonest.notAfter), now()))}`;
    bar.tooltip = vscode.l10n.t('The client certificate of {0}. Rotate it.', vscode.workspace.asRelativePath(file));
    bar.accessibilityInformation = { label: `${bar.text.replace('$(warning) ', '')}. ${bar.tooltip}` };
    bar.command = { title: vscode.l10n.t('Rotate Certificate…'), command: commands.rotate, arguments: [file] };
    bar.show();
  };

  const listeners = [
    documents.onDidChange(() => {
      showDocument();
      showExpiry();
    }),
    vscode.window.onDidChangeActiveTextEditor(showDocument),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('clientCertificate.expiry')) showExpiry();
    }),
  ];
  return {
    certificates(found) {
      known = found;
      showExpiry();
    },
    dispose() {
      vscode.Disposable.from(language, ...listeners).dispose();
      bar?.dispose();
    },
  };
}

function filterOf(uri: vscode.Uri): vscode.DocumentFilter {
  const name = literalGlob(path.basename(uri.fsPath));
  return { scheme: 'file', pattern: new vscode.RelativePattern(vscode.Uri.file(path.dirname(uri.fsPath)), name) };
}

function severityOf({ apps }: CheckedDocument): vscode.LanguageStatusSeverity {
  const found = new Set(apps.flatMap(({ findings }) => findings.map(({ severity }) => severity)));
  if (found.has('error')) return vscode.LanguageStatusSeverity.Error;
  return found.has('warning') ? vscode.LanguageStatusSeverity.Warning : vscode.LanguageStatusSeverity.Information;
}
