/** The certificate viewer: a read-only editor for certificate and key files. Everything from the file is shown as text. */
import path from 'node:path';
import * as vscode from 'vscode';
import { isExpectedError } from '../../base/errors.ts';
import { commands } from '../../contributions.ts';
import { literalGlob } from '../globs.ts';
import type { Services } from '../services.ts';
import { note } from '../views/certificateReport.ts';
import { createReportPage, reportMedia } from '../views/reportPage.ts';
import type { Report } from '../views/report.ts';
import { largestFile, tooLargeReport, viewerReport } from './viewerReport.ts';

/** Shows the file in the editor's panel, and again whenever it changes on disk. */
export function showCertificateFile(
  uri: vscode.Uri,
  panel: vscode.WebviewPanel,
  extensionUri: vscode.Uri,
  services: Services,
): void {
  panel.webview.options = { enableScripts: true, localResourceRoots: [reportMedia(extensionUri)] };
  const name = path.basename(uri.path);
  let rounds = 0;
  const show = (password?: string) => {
    const round = ++rounds;
    read(uri, name, services, password).then(
      (shown) => {
        // The file may have changed again meanwhile.
        if (round === rounds) page.render(shown);
      },
      (error: unknown) => {
        services.report(error);
        if (round === rounds)
          page.render(
            failure(name, vscode.l10n.t('Something went wrong that should not have; the log has the details.')),
          );
      },
    );
  };
  const page = createReportPage(panel.webview, extensionUri, name, show);
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), literalGlob(name)),
  );
  const again = (changed: vscode.Uri) => {
    if (changed.toString() === uri.toString()) show();
  };
  const events = [watcher.onDidChange(again), watcher.onDidCreate(again), watcher.onDidDelete(again)];
  const disposables = [page, watcher, ...events];
  panel.onDidDispose(() => {
    for (const disposable of disposables) disposable.dispose();
  });
  show();
}

async function read(uri: vscode.Uri, name: string, services: Services, password?: string): Promise<Report> {
  let bytes: Uint8Array;
  let size: number;
  try {
    ({ size } = await vscode.workspace.fs.stat(uri));
    if (size > largestFile) return tooLargeReport(name, size);
    bytes = await vscode.workspace.fs.readFile(uri);
  } catch (error) {
    if (!(error instanceof vscode.FileSystemError)) throw error;
    return failure(name, vscode.l10n.t('The file cannot be read: {0}', error.message));
  }
  const file = { name, size, bytes, ...(uri.scheme === 'file' ? { path: uri.fsPath } : {}) };
  const tools = {
    certificates: services.certificates(),
    now: services.setupPorts.clock.now(),
    thresholds: services.vaultTree.thresholds(),
    commands: { useInApp: commands.useInApp, extractPrivateKey: commands.extractPrivateKey },
  };
  try {
    return await viewerReport(file, tools, password);
  } catch (error) {
    if (isExpectedError(error)) return failure(name, error.message);
    throw error;
  }
}

function failure(title: string, text: string): Report {
  const heading = vscode.l10n.t('This file cannot be read');
  return { title, lead: '', sections: [{ heading, notes: [note('error', text)] }], copied: '' };
}
