/** What a finished setup has made, for whoever goes on from there: proving, rotating, retiring. */
import { isExpectedError } from '../base/errors.ts';
import type { Journal } from './journal.ts';
import { createJournalStore } from './journalStore.ts';
import type { SetupPorts } from './ports.ts';

/** Public facts of a journal. */
export type AppliedSetup = Pick<
  Journal,
  | 'keyFrom'
  | 'vault'
  | 'variables'
  | 'files'
  | 'certificate'
  | 'line'
  | 'roots'
  | 'registered'
  | 'startedAt'
  | 'rotates'
  | 'proofs'
>;

/**
 * The last finished setup of a config; undefined when there is none on this machine, or when its journal cannot be read.
 * @param config absolute path
 */
export async function setupOf(
  config: string,
  ports: Pick<SetupPorts, 'files' | 'journalFolder'>,
): Promise<AppliedSetup | undefined> {
  try {
    const journal = await createJournalStore(ports.journalFolder, ports.files).load(config);
    if (journal === undefined || journal.state === 'undoing') return undefined;
    return journal.state === 'applied' ? journal : journal.previous;
  } catch (error) {
    if (!isExpectedError(error)) throw error;
    return undefined;
  }
}
