/** Takes a setup back, finished or not. */
import type { AppConfig } from '../appConfig/types.ts';
import { throwIfCancelled } from '../base/errors.ts';
import { planBack, runBack } from './backward.ts';
import { nothingToUndo } from './errors.ts';
import { planManifests, type FilesNaming } from './keptManifests.ts';
import { putBack } from './manifests.ts';
import { checkOtherUsers, keepIgnored } from './otherUsers.ts';
import type { SetupPorts } from './ports.ts';
import { installedOf } from './result.ts';
import { Session, sharedFiles, underLock } from './session.ts';
import type { UndoResult } from './types.ts';
import { checkWayBack } from './wayBack.ts';

export interface UndoOptions {
  /** Looked at until the first file is touched; from there undo goes to its end, because half of it helps nobody. */
  readonly signal?: AbortSignal;
  /** App configs of the workspace as they are now, also those that were not set up by us: what they use is not taken away. */
  readonly configs?: readonly AppConfig[];
  /** Tells whether something else in the app uses the packages that setup installed. Absent: those of a finished setup stay. */
  readonly naming?: FilesNaming;
}

/**
 * Brings back every byte that the last setup of this config changed, finished or not. Either all of it or, where a file was changed
 * since beyond telling apart, nothing.
 * Rejects with `nothing-to-undo`, `secret-retired`, `old-certificate-removed`, `old-certificate-expired`, `used-by-another-app`, `setup-in-progress`, `file-changed`, `unsaved-changes`, `journal-damaged`, `journal-too-new` and the write errors of `Files`.
 * @param config absolute path of the config file
 */
export function undoSetup(config: string, ports: SetupPorts, options: UndoOptions = {}): Promise<UndoResult> {
  throwIfCancelled(options.signal);
  return underLock(config, ports, async (store, locks) => {
    const journal = await store.load(config);
    if (journal === undefined) throw nothingToUndo(config);
    checkWayBack(journal, ports.clock.now());
    const session = new Session(ports, store, journal);
    await locks.share(sharedFiles(journal.steps), options.signal);
    const wanted = await planBack(session, () => true);
    // What was begun is finished.
    if (journal.state !== 'undoing') await checkOtherUsers(session, wanted, options.configs ?? []);
    const { planned, kept } = await keepIgnored(session, wanted);
    const manifests = await planManifests(session, options.naming);
    throwIfCancelled(options.signal);
    session.note({ state: 'undoing' });
    await session.save();
    await runBack(session, planned);
    if (manifests !== undefined) await putBack(manifests, ports.files);
    const pathsOf = (kind: 'remove' | 'write') =>
      planned.filter(({ action }) => action.kind === kind).map(({ index }) => journal.steps[index]?.path ?? '');
    await session.retreat();
    const packagesOf = (existed: boolean) =>
      (manifests ?? []).filter(({ bytes }) => (bytes !== undefined) === existed).map(({ path }) => path);
    return {
      config,
      restored: [...pathsOf('write'), ...packagesOf(true)],
      removed: [...pathsOf('remove'), ...packagesOf(false)],
      ...(kept.length === 0 ? {} : { kept }),
      ...(manifests === undefined ? installedOf(journal) : {}),
    };
  });
}
