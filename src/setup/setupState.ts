/** How far the setup of a config has come, as its journal tells. Changes nothing and takes no lock. */
import { isExpectedError } from '../base/errors.ts';
import type { Journal } from './journal.ts';
import { createJournalStore } from './journalStore.ts';
import type { SetupPorts } from './ports.ts';
import type { AppliedSetup } from './setupOf.ts';

export interface SetupState {
  /** The last finished setup. */
  readonly applied?: AppliedSetup;
  /** One that was begun after it and is not finished: stopped on purpose, interrupted, or half undone. */
  readonly unfinished?: Pick<Journal, 'state' | 'certificate' | 'registered' | 'files' | 'vault'>;
  /** PEM of every certificate that setups on this machine have made or taken for the app, newest first. */
  readonly certificates: readonly string[];
  /** Why the journal cannot be read. */
  readonly problem?: { readonly code: string; readonly message: string };
}

/** Longer chains of setups are not followed: a damaged journal must not hold up a view. */
const mostSetups = 50;

/** @param config absolute path */
export async function setupStateOf(
  config: string,
  ports: Pick<SetupPorts, 'files' | 'journalFolder'>,
): Promise<SetupState> {
  let journal: Journal | undefined;
  try {
    journal = await createJournalStore(ports.journalFolder, ports.files).load(config);
  } catch (error) {
    if (!isExpectedError(error)) throw error;
    return { certificates: [], problem: { code: error.code, message: error.message } };
  }
  if (journal === undefined) return { certificates: [] };
  const certificates: string[] = [];
  let each: Journal | undefined = journal;
  for (let count = 0; each !== undefined && count < mostSetups; count += 1) {
    if (each.certificate.pem !== '') certificates.push(each.certificate.pem);
    each = each.previous;
  }
  const { state, certificate, registered, files, vault } = journal;
  const applied = state === 'applied' ? journal : journal.previous;
  return {
    certificates,
    ...(applied === undefined ? {} : { applied }),
    ...(state === 'applied'
      ? {}
      : { unfinished: { state, certificate, registered, files, ...(vault === undefined ? {} : { vault }) } }),
  };
}

/**
 * Whether a setup of the config still counts on this certificate: finished, or one that can be continued or undone. Also where the
 * journal cannot be read: then nobody knows that it does not.
 * @param config absolute path
 * @param thumbprintSha256 hex
 */
export async function countsOnCertificate(
  config: string,
  thumbprintSha256: string | undefined,
  ports: Pick<SetupPorts, 'files' | 'journalFolder'>,
): Promise<boolean> {
  const { applied, unfinished, problem } = await setupStateOf(config, ports);
  if (problem !== undefined) return true;
  return [applied, unfinished].some(
    (setup) => setup !== undefined && setup.certificate.thumbprintSha256 === thumbprintSha256,
  );
}
