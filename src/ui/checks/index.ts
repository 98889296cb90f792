/** Everything that watches the configs that are shown: diagnostics, fixes, lens, status, reminders. Made when the first one is shown. */
import * as vscode from 'vscode';
import { certificatesSeenKey } from '../../contributions.ts';
import { certificatesInUse } from '../../setup/index.ts';
import type { CertificateInUse } from '../../setup/index.ts';
import { configLanguages } from '../startup/candidates.ts';
import type { Services } from '../services.ts';
import { showDiagnostics } from './diagnostics.ts';
import { createConfigDocuments, usedIn } from './documents.ts';
import type { ConfigDocuments } from './documents.ts';
import { createExplanations } from './explanations.ts';
import { registerFixes } from './fixes.ts';
import { certificatesNow, seenAfter } from './inUse.ts';
import { registerLens } from './lens.ts';
import { remind } from './reminders.ts';
import { watchOutside } from './outside.ts';
import { createStatus } from './status.ts';

export interface Checks {
  readonly documents: ConfigDocuments;
  /** Checks a document that is shown. Never rejects. */
  check(document: vscode.TextDocument): Promise<void>;
  close(uri: vscode.Uri): void;
  /** A file was saved, made or removed that may belong to a config's app. What others change is seen without it. */
  filesChanged(): void;
  /** Reminds of certificates that apps of this workspace use, whether their configs are open or not. */
  remindOfAll(): Promise<void>;
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
  const reminders = { memory: context.globalState, thresholds, now };
  const seen = () => context.workspaceState.get<readonly CertificateInUse[]>(certificatesSeenKey) ?? [];
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
    async remindOfAll() {
      const noted = await certificatesInUse(services.roots(), services.setupPorts);
      const others = seen().filter(({ config }) => !noted.some((each) => each.config === config));
      const used = await certificatesNow([...noted, ...others], thresholds(), now(), (config) =>
        documents.certificatesOf(config),
      );
      status.certificates(used);
      await remind(used, reminders);
    },
  };
  const remindOfShown = documents.onDidChange((document) => {
    if (document.apps.length === 0) return;
    const used = usedIn(document);
    const after = seenAfter(seen(), document.uri.fsPath, used);
    if (after !== undefined) void context.workspaceState.update(certificatesSeenKey, after);
    remind(used, reminders).catch(report);
  });
  context.subscriptions.push(
    status,
    remindOfShown,
    vscode.workspace.onDidDeleteFiles(({ files }) => {
      for (const uri of files) documents.remove(uri);
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('clientCertificate.expiry')) recheck();
    }),
    watchOutside(() => {
      checks.filesChanged();
    }, report),
    showDiagnostics(documents, explanations),
    registerFixes(selector, documents, services, recheck),
    registerLens(selector, documents, now),
  );
  return checks;
}
