/** Restricted Mode holds for every program, whoever wants to start it. */
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';
import type { ProcessRunner } from '../base/ports.ts';

/** Runs programs while the workspace is trusted; else rejects with ExpectedError `workspace-not-trusted` and starts nothing. */
export function onlyTrusted(processes: ProcessRunner, isTrusted: () => boolean): ProcessRunner {
  return {
    run: (program, args, options) =>
      isTrusted() ? processes.run(program, args, options) : Promise.reject(workspaceNotTrusted()),
  };
}

export function workspaceNotTrusted(): ExpectedError {
  return new ExpectedError(
    'workspace-not-trusted',
    l10n.t(
      'Nothing was done because this workspace is in Restricted Mode, in which no file is written and no program is run. Trust the workspace with "Workspaces: Manage Workspace Trust" and run the command again.',
    ),
  );
}
