/** Contract between extension.ts and the lazily loaded dist/ui.js. Types only. */
import type * as vscode from 'vscode';
import type { Lazy } from '../lazy.ts';
import type { CommandName, LanguageModelToolName, ReviewDecisionName } from '../contributions.ts';
import type { CheckTask, TaskScope } from './startup/checkTasks.ts';
import type { Watcher } from './startup/watching.ts';
import type { RegisteredView, VaultView } from './views/vaultTreeView.ts';
import type { RegisteredWorkspaceView, WorkspaceProvider } from './views/workspaceTreeView.ts';

/** What extension.ts hands to the UI when it is first needed. */
export interface UiEnvironment {
  readonly context: vscode.ExtensionContext;
  readonly lazy: Omit<Lazy, 'ui'>;
  readonly log: vscode.LogOutputChannel;
  /** The view "Vault Certificates" as it was registered. */
  readonly vaults: RegisteredView;
  /** The view "This Workspace" as it was registered. */
  readonly workspace: RegisteredWorkspaceView;
}

/** The loaded UI. */
export interface Ui {
  /** Runs a command with the arguments that VS Code passed; see src/ui/commands/run.ts for what it resolves to. */
  run(command: CommandName, args: readonly unknown[]): Promise<unknown>;
  /** Shows a certificate or key file in an editor's panel. */
  showCertificateFile(uri: vscode.Uri, panel: vscode.WebviewPanel): void;
  /** Runs a tool for a language model. */
  invokeTool(
    name: LanguageModelToolName,
    input: unknown,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult>;
  /** A button of the review was pressed. */
  decideReview(decision: ReviewDecisionName): void;
  /** The rows of the view "Vault Certificates". */
  readonly vaults: VaultView['provider'];
  /** The rows of the view "This Workspace". */
  readonly workspace: WorkspaceProvider;
  /** The checks of what is shown; made when they are first asked for. */
  checks(): Watcher;
  /** What runs a task that checks the workspace. */
  checkTerminal(definition: CheckTask, scope: TaskScope): vscode.Pseudoterminal;
  /** Offers to continue or undo a setup that a closed window left unfinished, and reminds of ending certificates. Resolves when all is answered. */
  offerUnfinishedSetup(): Promise<void>;
}

/** What dist/ui.js exports. */
export interface UiPart {
  createUi(environment: UiEnvironment): Ui;
  configureText(bundle: Record<string, string> | undefined): void;
}
