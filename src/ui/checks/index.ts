/** Everything that watches the configs that are shown: diagnostics, fixes, lens, status, reminders. Made when the first one is shown. */
import * as vscode from 'vscode';
import { certificatesInUse } from '../../setup/index.ts';
import { configLanguages } from '../startup/candidates.ts';
import type { Services } from '../services.ts';
import { showDiagnostics } from './diagnostics.ts';
import { createConfigDocuments } from './documents.ts';
import type { ConfigDocuments } from './documents.ts';
import { createExplanations } from './explanations.ts';
import { registerFixes } from './fixes.ts';
import { registerLens } from './lens.ts';
import { remind } from './reminders.ts';
import { createStatus } from './status.ts';

export interface Checks {
  readonly documents: ConfigDocuments;
  /** Checks a document that is shown. Never rejects. */
  check(document: vscode.TextDocument): Promise<void>;
  close(uri: vscode.Uri): void;
  /** A file was saved, made or removed that may belong to a config's app. */
  filesChanged(): void;
  /** Reminds of certificates that setups of this workspace gave to apps. */
  remindOfSetups(): Promise<void>;
}

export function createChecks(
  context: vscode.ExtensionContext,
  services: Services,
  report: (error: unknown) => void,
): Checks {
  const now = () => services.setupPorts.clock.now();
  const documents = createConfigDocuments(services, report);
  const explanations = createExplanations(context.extensionUri.fsPath);
  const selector = configLanguages.map((language) => ({ scheme: 'file', language }));
  const thresholds = () => services.vaultTree.thresholds();
  const status = createStatus(documents, thresholds, now);
  const recheck = () => {
    for (const { document } of vscode.window.visibleTextEditors) {
      if (documents.of(document.uri) !== undefined) void checks.check(document);
    }
  };
  const reminders = {
    memory: context.globalState,
    thresholds: () => [thresholds().days, thresholds().urgentDays],
    now,
  };
  const checks: Checks = {
    documents,
    async check(document) {
      await explanations.load();
      await documents.check(document);
    },
    close: (uri) => {
      documents.close(uri);
    },
    filesChanged() {
      documents.forget();
      recheck();
    },
    async remindOfSetups() {
      const used = await certificatesInUse(services.roots(), services.setupPorts);
      status.certificates(used);
      await remind(used, reminders);
    },
  };
  const remindOfShown = documents.onDidChange(({ uri, apps }) => {
    const used = apps.flatMap(({ certificate }) =>
      certificate?.thumbprintSha256 === undefined || certificate.notAfter === undefined
        ? []
        : [{ config: uri.fsPath, thumbprintSha256: certificate.thumbprintSha256, notAfter: certificate.notAfter }],
    );
    remind(used, reminders).catch(report);
  });
  context.subscriptions.push(
    status,
    remindOfShown,
    vscode.workspace.onDidDeleteFiles(({ files }) => {
      for (const uri of files) documents.remove(uri);
    }),
    showDiagnostics(documents, explanations),
    registerFixes(selector, documents, services, recheck),
    registerLens(selector, documents, now),
  );
  return checks;
}
