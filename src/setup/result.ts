/** The result object of a setup, read off its journal. */
import type { Journal } from './journal.ts';
import type { SetUpResult } from './types.ts';

/** `changed` names the text files that were edited or made, by the paths that were really written. */
export function resultOf(journal: Journal, warnings: SetUpResult['warnings']): SetUpResult {
  const { thumbprintSha256, thumbprintSha1, notAfter } = journal.certificate;
  const changed = journal.steps
    .filter((step) => step.kind === 'edit' && step.status === 'done')
    .map((step) => step.path);
  return {
    config: journal.config,
    thumbprintSha256,
    thumbprintSha1,
    notAfter,
    files: journal.files,
    changed: [...new Set(changed)],
    keyFrom: journal.keyFrom,
    ...(journal.vault === undefined ? {} : { vault: journal.vault }),
    ...installedOf(journal),
    warnings,
    registered: journal.registered,
    proven: journal.proofs.length > 0,
    ...(journal.state === 'stopped' ? { stopped: true as const } : {}),
  };
}

/** For results: what was installed, where anything was. */
export function installedOf({ installed = [] }: Journal): Pick<SetUpResult, 'installed'> {
  return installed.length === 0 ? {} : { installed };
}
