/** Restricted Mode: what starts a program waits until the workspace is trusted. */
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../../base/errors.ts';
import type { ForgettingSource } from './source.ts';

/**
 * The source where programs may be started. Elsewhere it rejects with ExpectedError `workspace-not-trusted` and starts
 * nothing, so that the chain goes on with the next way to sign in.
 */
export function onlyWhereTrusted(source: ForgettingSource, mayRunPrograms: () => boolean): ForgettingSource {
  return {
    name: source.name,
    getToken(request, cloud) {
      return mayRunPrograms() ? source.getToken(request, cloud) : Promise.reject(notTrusted());
    },
    forget: () => source.forget(),
  };
}

function notTrusted(): ExpectedError {
  return new ExpectedError(
    'workspace-not-trusted',
    l10n.t(
      'The program "az" was not started because this workspace is in Restricted Mode. Trust the workspace with "Workspaces: Manage Workspace Trust", or sign in in another way.',
    ),
  );
}
