/** Shows reports in webview panels: no network, no HTML from data, one script and one style of our own. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { reportViewType } from '../../contributions.ts';
import { openAt } from '../openAt.ts';
import type { FromWebview, Report, ReportDeed } from './report.ts';

export interface Reports {
  /** Opens a report; one about the same `subject` is replaced. */
  show(subject: string, report: Report): void;
  isOpen(subject: string): boolean;
  /** Closes the report about this subject, once it no longer holds; nothing happens where none is open. */
  close(subject: string): void;
}

export function createReports(extensionUri: vscode.Uri): Reports {
  const open = new Map<string, { panel: vscode.WebviewPanel; listener: vscode.Disposable }>();
  const media = vscode.Uri.joinPath(extensionUri, 'media', 'result');
  return {
    show(subject, report) {
      let entry = open.get(subject);
      if (entry === undefined) {
        const panel = vscode.window.createWebviewPanel(reportViewType, report.title, vscode.ViewColumn.Active, {
          enableScripts: true,
          localResourceRoots: [media],
        });
        panel.iconPath = new vscode.ThemeIcon('shield');
        panel.onDidDispose(() => {
          open.get(subject)?.listener.dispose();
          open.delete(subject);
        });
        entry = { panel, listener: new vscode.Disposable(() => undefined) };
      }
      const { panel } = entry;
      entry.listener.dispose();
      const { message, deeds } = withoutDeeds(report);
      const listener = panel.webview.onDidReceiveMessage((received: FromWebview) => {
        if (received.type === 'ready') void panel.webview.postMessage({ type: 'report', report: message });
        else void perform(deeds[received.action]);
      });
      open.set(subject, { panel, listener });
      panel.title = report.title;
      panel.webview.html = html(panel.webview, media, report.title);
      panel.reveal();
    },
    isOpen: (subject) => open.has(subject),
    close(subject) {
      open.get(subject)?.panel.dispose();
    },
  };
}

/** The report as the webview gets it: buttons carry a number, what they do stays here. */
function withoutDeeds(report: Report): { message: unknown; deeds: ReportDeed[] } {
  const deeds: ReportDeed[] = [];
  const numbered = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(numbered);
    if (typeof value !== 'object' || value === null) return value;
    const { does, ...rest } = value as { does?: ReportDeed };
    const entries = Object.entries(rest).map(([name, entry]): [string, unknown] => [name, numbered(entry)]);
    if (does === undefined) return Object.fromEntries(entries);
    const action = deeds.push(does) - 1;
    return { ...Object.fromEntries(entries), action, copies: does.kind === 'copy' };
  };
  return { message: numbered(report), deeds };
}

async function perform(deed: ReportDeed | undefined): Promise<void> {
  switch (deed?.kind) {
    case 'copy':
      await vscode.env.clipboard.writeText(deed.text);
      return;
    case 'openFile':
      await openAt(deed.file, deed.line);
      return;
    case 'reveal':
      await reveal(vscode.Uri.file(deed.file));
      return;
    case 'openPage':
      await vscode.env.openExternal(vscode.Uri.parse(deed.address));
      return;
    case 'call':
      await deed.act();
      return;
    case 'run':
      await vscode.commands.executeCommand(
        deed.command,
        ...(deed.file === undefined ? [] : [vscode.Uri.file(deed.file)]),
        ...(deed.item === undefined ? [] : [{ commandOptions: deed.item }]),
      );
      return;
    case undefined:
      return;
  }
}

/** In the system's file manager where there is one, else in the explorer view. */
async function reveal(file: vscode.Uri): Promise<void> {
  const isLocal = vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop;
  await vscode.commands.executeCommand(isLocal ? 'revealFileInOS' : 'revealInExplorer', file);
}

function html(webview: vscode.Webview, media: vscode.Uri, title: string): string {
  const nonce = randomBytes(16).toString('base64url');
  const address = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(media, name)).toString();
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}';">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${address('result.css')}">
<title>${escapeHtml(title)}</title>
</head>
<body>
<main id="report"></main>
<div id="status" role="status" aria-live="polite"></div>
<script nonce="${nonce}" src="${address('result.js')}"></script>
</body>
</html>`;
}

/** A certificate's subject is a stranger's text. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
