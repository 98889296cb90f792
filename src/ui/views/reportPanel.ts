/** Shows reports in webview panels. */
import * as vscode from 'vscode';
import { reportViewType } from '../../contributions.ts';
import type { Report } from './report.ts';
import { createReportPage, reportMedia } from './reportPage.ts';
import type { ReportPage } from './reportPage.ts';

export interface Reports {
  /** Opens a report; one about the same `subject` is replaced. @param options.keepsFocus for a question that is still open */
  show(subject: string, report: Report, options?: { readonly keepsFocus?: boolean }): void;
  isOpen(subject: string): boolean;
  /** Closes the report about this subject, once it no longer holds; nothing happens where none is open. */
  close(subject: string): void;
}

export function createReports(extensionUri: vscode.Uri): Reports {
  const open = new Map<string, { readonly panel: vscode.WebviewPanel; readonly page: ReportPage }>();
  return {
    show(subject, report, { keepsFocus = false } = {}) {
      const where = { viewColumn: vscode.ViewColumn.Active, preserveFocus: keepsFocus };
      let entry = open.get(subject);
      if (entry === undefined) {
        const panel = vscode.window.createWebviewPanel(reportViewType, report.title, where, {
          enableScripts: true,
          localResourceRoots: [reportMedia(extensionUri)],
        });
        panel.iconPath = new vscode.ThemeIcon('shield');
        const page = createReportPage(panel.webview, extensionUri, report.title);
        panel.onDidDispose(() => {
          page.dispose();
          open.delete(subject);
        });
        entry = { panel, page };
        open.set(subject, entry);
      }
      entry.panel.title = report.title;
      entry.page.render(report);
      entry.panel.reveal(undefined, keepsFocus);
    },
    isOpen: (subject) => open.has(subject),
    close(subject) {
      open.get(subject)?.panel.dispose();
    },
  };
}
