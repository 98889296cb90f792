/** Options and results of the commands of the view "This Workspace" and of the walkthrough. */
import type { CredentialKind } from '../../appConfig/types.ts';
import type { Finding } from '../../diagnosis/types.ts';

export interface RefreshWorkspaceOptions {
  /** Default true: ask app registrations and vaults, without any question. False: only what this machine knows. */
  ask?: boolean;
}

export interface WorkspaceStep {
  step: 'certificate' | 'uploaded' | 'rewritten' | 'proven' | 'retired';
  /** `next`: to be done now; `todo`: later; `problem`: done and no longer right; `unknown`: nobody could be asked. */
  state: 'done' | 'next' | 'todo' | 'problem' | 'unknown';
  /** For people. */
  text: string;
  /** Name of the command that leads on. */
  command?: string;
}

export interface WorkspaceProblem {
  /** Of a check, or of the comparison of code, vault and app registration. */
  code: string;
  severity: Finding['severity'];
  message: string;
}

/** An app config of the workspace. */
export interface WorkspaceApp {
  /** Absolute path. */
  config: string;
  line: number;
  credential: CredentialKind;
  steps: WorkspaceStep[];
  problems: WorkspaceProblem[];
  /** Whom nobody could ask, and why. */
  notAsked: { what: 'registration' | 'vault'; code: string; message: string }[];
}

export interface WorkspaceOptions {
  refreshWorkspace: RefreshWorkspaceOptions;
  openWalkthrough: Record<string, never>;
}

export interface WorkspaceResults {
  refreshWorkspace: WorkspaceApp[];
  openWalkthrough: Record<string, never>;
}
