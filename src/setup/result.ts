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
    files: filesOf(journal),
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

/** A setup that has stopped keeps key and pass phrase in files that go when it is continued: they are there, so they are named. */
function filesOf({ files, state, steps }: Journal): SetUpResult['files'] {
  if (state !== 'stopped') return files;
  const kept = (role: 'privateKey' | 'passphrase') =>
    steps.find((step) => step.kind === 'create' && step.role === role && step.temporary && step.status === 'done')
      ?.path;
  const [privateKey, passphrase] = [kept('privateKey'), kept('passphrase')];
  return {
    ...files,
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}

/** For results: what was installed, where anything was. */
export function installedOf({ installed = [] }: Journal): Pick<SetUpResult, 'installed'> {
  return installed.length === 0 ? {} : { installed };
}
