/** Everything that commands work with, built once and handed to each of them. */
import path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError } from '../base/errors.ts';
import { createMasker } from '../base/masking.ts';
import type { Clock, FileReader, ProcessRunner } from '../base/ports.ts';
import type { AppConfigs } from '../appConfig/types.ts';
import type { Certificates } from '../certificates/types.ts';
import { settings } from '../contributions.ts';
import { createGit, createInstaller } from '../setup/index.ts';
import type { Files, SetupPorts } from '../setup/index.ts';
import type { AzureParts } from '../azure/types.ts';
import { createAzureAccess } from './cloud/access.ts';
import type { AzureAccess } from './cloud/access.ts';
import { createChecks } from './checks/index.ts';
import type { Checks } from './checks/index.ts';
import { createContextKeys } from './contextKeys.ts';
import type { ContextKeys } from './contextKeys.ts';
import { forgiving } from './forgivingFiles.ts';
import { nodeLockOwners, nodeProcesses } from './nodeProcesses.ts';
import { createNodeFiles } from './nodeSetupPorts.ts';
import type { UiEnvironment } from './part.ts';
import { createQuickQuestions } from './prompts.ts';
import type { Questions } from './questions.ts';
import { isAmong } from './samePath.ts';
import { createReviewer } from './review.ts';
import type { Reviewer } from './review.ts';
import { createTimeline } from './timeline/panel.ts';
import { createReports } from './views/reportPanel.ts';
import type { Reports } from './views/reportPanel.ts';
import { onlyTrusted } from './trustedProcesses.ts';
import type { VaultChange, VaultChanges } from './vaults/changes.ts';
import { createVaultTreeService } from './vaults/vaultTree.ts';
import type { VaultTreeService } from './vaults/vaultTree.ts';
import { createWorkspaceView } from './workspace/workspaceView.ts';
import type { WorkspaceViewService } from './workspace/workspaceView.ts';
import { knownTenant } from './registering/application.ts';

export interface Services {
  readonly questions: Questions;
  readonly files: Files;
  /** For searches: what cannot be read is logged and counts as absent. */
  readonly searched: FileReader;
  readonly setupPorts: SetupPorts;
  /** Refuses to start anything in Restricted Mode. */
  readonly processes: ProcessRunner;
  readonly contextKeys: ContextKeys;
  readonly reviewer: Reviewer;
  readonly reports: Reports;
  /** Remembered answers of wizards; never a secret. */
  readonly memory: vscode.Memento;
  /** What all windows remember together. */
  readonly sharedMemory: vscode.Memento;
  /** Whether this workspace may be changed and programs run in it. */
  isTrusted(): boolean;
  certificates(): Certificates;
  appConfigs(): AppConfigs;
  /** The azure room for the cloud of the settings; loaded on first use. Throws `custom-cloud-invalid`, `cloud-certificates-unreadable`. */
  azure(): AzureParts;
  /** Settings, account and what follows when they change. */
  readonly azureAccess: AzureAccess;
  /** Fired after every change that a command made in a vault. */
  readonly vaultChanges: VaultChanges;
  /** The view "Vault Certificates". */
  readonly vaultTree: VaultTreeService;
  /** The view "This Workspace". */
  readonly workspace: WorkspaceViewService;
  /** `publisher.name` */
  readonly extensionId: string;
  /** Writes a bug of ours into the log, masked. */
  report(error: unknown): void;
  /** The expiry timeline. */
  readonly timeline: { show(): void };
  /** Watches the app configs that are shown; made when first asked for. */
  readonly checks: Checks;
  /** Workspace folders, absolute. */
  roots(): string[];
  /** A path or bare number of days from the settings, as they stand for this file. */
  certificateFolder(appRoot: string): string;
  defaultValidityDays(file?: string): number;
}

export function createServices({ context, lazy, log, vaults, workspace: registered }: UiEnvironment): Services {
  const isTrusted = () => vscode.workspace.isTrusted;
  const processes = onlyTrusted(nodeProcesses, isTrusted);
  const files = createNodeFiles(processes);
  const contextKeys = createContextKeys();
  const setupPorts: SetupPorts = {
    files,
    journalFolder: path.join(context.globalStorageUri.fsPath, 'journal'),
    git: createGit(processes, files),
    editor: { isDirty },
    clock: machineClock,
    processes: nodeLockOwners,
    installer: createInstaller(processes, files, { isDirty }),
  };
  const azureAccess = createAzureAccess({ context, lazy, clock: machineClock });
  const vaultChanges = new vscode.EventEmitter<VaultChange>();
  context.subscriptions.push(vaultChanges);
  const changes: VaultChanges = { onDidChange: vaultChanges.event, fire: (change) => vaultChanges.fire(change) };
  const report = (error: unknown) => {
    log.error(createMasker().text(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  };
  const vaultTree = createVaultTreeService({
    registered: vaults,
    subscriptions: context.subscriptions,
    memory: context.globalState,
    azureAccess,
    vaultChanges: changes,
    contextKeys,
    azure: () => azureAccess.azure(),
    certificates: () => lazy.certificates(),
    now: () => machineClock.now(),
    report,
  });
  const searched = forgiving(files, (file, reason) => {
    log.warn(`passed over ${file}: ${reason}`);
  });
  const roots = () => (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
  const workspace = createWorkspaceView({
    registered,
    subscriptions: context.subscriptions,
    contextKeys,
    vaults: vaultTree,
    reader: searched,
    memory: context.workspaceState,
    appConfigs: () => lazy.appConfigs(),
    azure: () => azureAccess.azure(),
    tenantOf: (appId) => knownTenant(appId, { memory: context.workspaceState }),
    gatherTools: () => ({
      files,
      journalFolder: setupPorts.journalFolder,
      thresholds: vaultTree.thresholds(),
      credential: {
        certificates: lazy.certificates(),
        appConfigs: lazy.appConfigs(),
        files,
        environment: {},
        // Nothing of what is read here is said: findings hold no secret.
        announce: () => undefined,
        roots: roots(),
      },
      relative: (file) => vscode.workspace.asRelativePath(vscode.Uri.file(file)),
    }),
    roots,
    isTrusted: () => vscode.workspace.isTrusted,
    now: () => machineClock.now(),
    report,
  });
  const setting = (name: string, file: string | undefined) =>
    vscode.workspace.getConfiguration(undefined, file === undefined ? null : vscode.Uri.file(file)).get(name);
  let checks: Checks | undefined;
  const services: Services = {
    get checks() {
      return (checks ??= createChecks(context, services, report));
    },
    questions: createQuickQuestions(),
    files,
    searched,
    setupPorts,
    processes,
    contextKeys,
    reviewer: createReviewer(context.subscriptions, contextKeys),
    reports: createReports(context.extensionUri),
    memory: context.workspaceState,
    sharedMemory: context.globalState,
    isTrusted,
    certificates: () => lazy.certificates(),
    appConfigs: () => lazy.appConfigs(),
    azure: () => azureAccess.azure(),
    azureAccess,
    vaultChanges: changes,
    vaultTree,
    workspace,
    extensionId: context.extension.id,
    report,
    timeline: createTimeline({ extensionUri: context.extensionUri, vaults: vaultTree, clock: machineClock, report }),
    roots,
    certificateFolder: (appRoot) => {
      const folder = setting(settings.certificateFolder, appRoot);
      return path.resolve(appRoot, typeof folder === 'string' && folder !== '' ? folder : 'certs');
    },
    defaultValidityDays: (file) => {
      const days = setting(settings.defaultValidityDays, file);
      return typeof days === 'number' && Number.isInteger(days) && days >= 1 && days <= 3650 ? days : 365;
    },
  };
  return services;
}

function isDirty(file: string): boolean {
  const dirty = vscode.workspace.textDocuments.filter(({ isDirty: is, uri }) => is && uri.scheme === 'file');
  return isAmong(
    file,
    dirty.map(({ uri }) => uri.fsPath),
  );
}

const machineClock: Clock = {
  now: () => Date.now(),
  delay: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, milliseconds);
      signal?.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          reject(new CancelledError());
        },
        { once: true },
      );
    }),
};
