/** One report in one webview: a panel's or an editor's. */
import * as vscode from 'vscode';
import { openAt } from '../openAt.ts';
import { pageHtml } from './page.ts';
import type { FromWebview, Report, ReportDeed } from './report.ts';

export interface ReportPage {
  /** Shows the report, also in place of an earlier one. */
  render(report: Report): void;
  dispose(): void;
}

/** Folder of the page's script and style; must be among the webview's `localResourceRoots`. */
export function reportMedia(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'media', 'result');
}

/**
 * Makes the webview show reports.
 * @param answer called with what was typed into a section's question
 */
export function createReportPage(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  title: string,
  answer: (text: string) => void = () => undefined,
): ReportPage {
  let shown: ReturnType<typeof withoutDeeds> | undefined;
  let isReady = false;
  const send = () => {
    if (isReady && shown !== undefined) void webview.postMessage({ type: 'report', report: shown.message });
  };
  const listener = webview.onDidReceiveMessage((received: FromWebview) => {
    if (received.type === 'ready') {
      isReady = true;
      send();
    } else if (received.type === 'answer') answer(received.text);
    else void perform(shown?.deeds[received.action]);
  });
  webview.html = pageHtml(webview, reportMedia(extensionUri), {
    title,
    style: 'result.css',
    script: 'result.js',
    body: '<main id="report"></main>\n<div id="status" role="status" aria-live="polite"></div>',
  });
  return {
    render(report) {
      shown = withoutDeeds(report);
      send();
    },
    dispose() {
      listener.dispose();
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
