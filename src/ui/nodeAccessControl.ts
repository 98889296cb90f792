/** Windows has no mode 0600; an access control list that names only this user does the same. */
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';
import type { ProcessRunner } from '../base/ports.ts';

export interface AccessControl {
  /** Takes inherited rights off the file and gives full control to the current user alone. Rejects with `protection-failed`. */
  protect(path: string): Promise<void>;
}

/** @param processes runs `whoami` and `icacls`, both part of Windows */
export function createAccessControl(processes: ProcessRunner): AccessControl {
  return {
    async protect(path) {
      const failed = (reason: string) =>
        new ExpectedError(
          'protection-failed',
          l10n.t(
            '{0} could not be protected: {1}. Nobody else may read a private key, so it was not written. Choose a folder on an NTFS drive.',
            path,
            reason.trim(),
          ),
          { file: path },
        );
      // By identifier and not by name: names are localised, and ambiguous between machine, domain and Entra accounts.
      const who = await processes.run('whoami', ['/user', '/fo', 'csv', '/nh']);
      const identifier = /"(S-1-[\d-]+)"/.exec(who.stdout)?.[1];
      if (identifier === undefined) throw failed(who.stderr);
      const result = await processes.run('icacls', [path, '/inheritance:r', '/grant:r', `*${identifier}:F`]);
      if (result.exitCode !== 0) throw failed(result.stderr || result.stdout);
    },
  };
}
