/** What undoing a setup goes back to, and what closes that way: a credential that the app registration no longer has, or that has expired. */
import * as l10n from '@vscode/l10n';
import { ExpectedError, isExpectedError } from '../base/errors.ts';
import { nothingToUndo, secretRetired } from './errors.ts';
import type { Journal } from './journal.ts';
import { createJournalStore, type JournalStore } from './journalStore.ts';
import type { SetupPorts } from './ports.ts';
import { underLock } from './session.ts';
import type { ReplacedCertificate } from './types.ts';

/** `unfinished`: the app signs in as before anyway, or is about to again; the others name what it will sign in with. */
export type WayBack = 'secret' | 'certificate' | 'unfinished';

/** The certificate that undoing this setup brings back; undefined where it brings back a client secret. */
export function replacedBySetup({
  rotates,
  rotatedInVault,
}: Pick<Journal, 'rotates' | 'rotatedInVault'>): ReplacedCertificate | undefined {
  return rotatedInVault === undefined ? rotates : rotatedInVault.before;
}

/**
 * What the last setup of a config goes back to, to be told before it is undone. Rejects with `nothing-to-undo`, `secret-retired`, `old-certificate-removed`,
 * `old-certificate-expired`, `journal-damaged`, `journal-too-new`.
 * @param config absolute path
 */
export async function wayBackOf(config: string, ports: SetupPorts): Promise<WayBack> {
  const journal = await createJournalStore(ports.journalFolder, ports.files).load(config);
  if (journal === undefined) throw nothingToUndo(config);
  checkWayBack(journal, ports.clock.now());
  if (journal.state !== 'applied') return 'unfinished';
  return replacedBySetup(journal) === undefined ? 'secret' : 'certificate';
}

/**
 * Rejects as {@link wayBackOf}. A setup that is not finished can always be taken back: otherwise nothing could be done about it.
 * @param now milliseconds
 */
export function checkWayBack(journal: Journal, now: number): void {
  const { config, retired, oldRemoved, state } = journal;
  if (retired !== undefined) throw secretRetired(config);
  const old = replacedBySetup(journal);
  if (old === undefined || state !== 'applied') return;
  if (oldRemoved !== undefined) throw oldCertificateRemoved(config);
  const end = Date.parse(old.notAfter ?? endOf(old, journal.previous) ?? '');
  if (end <= now) throw oldCertificateExpired(config, new Date(end).toISOString().slice(0, 10));
}

/** The setup before this one made the certificate, so its journal knows the end. */
function endOf(old: ReplacedCertificate, previous: Journal | undefined): string | undefined {
  return previous !== undefined && isSameCertificate(old, previous.certificate)
    ? previous.certificate.notAfter
    : undefined;
}

/** By SHA-256 where both have it. */
export function isSameCertificate(one: ReplacedCertificate, other: ReplacedCertificate): boolean {
  const same = (a = '', b = '') => a !== '' && a.toUpperCase() === b.toUpperCase();
  const [a = '', b = ''] = [one.thumbprintSha256, other.thumbprintSha256];
  return a !== '' && b !== '' ? same(a, b) : same(one.thumbprintSha1, other.thumbprintSha1);
}

/**
 * Notes in every journal that goes back to a client secret of this application that there is no way back to it; nothing happens where the app was configured
 * without a setup of ours. Rejects with `setup-in-progress`, `journal-damaged`, `journal-too-new` and write errors for the config's own journal.
 * @param config absolute path of the config whose secret was retired
 * @param appId client id; setups of other configs are known by theirs and by their proofs
 * @param isHeld the caller holds the config's lock
 */
export function noteRetired(config: string, ports: SetupPorts, appId?: string, isHeld = false): Promise<void> {
  const retired = new Date(ports.clock.now()).toISOString();
  const change = (journal: Journal) => (replacedBySetup(journal) === undefined ? { ...journal, retired } : journal);
  return noteEverywhere(config, ports, appId, change, isHeld);
}

/** As {@link noteRetired}, for a certificate that the app registration no longer has. */
export function noteOldRemoved(
  config: string,
  removed: ReplacedCertificate,
  ports: SetupPorts,
  appId?: string,
): Promise<void> {
  const oldRemoved = new Date(ports.clock.now()).toISOString();
  return noteEverywhere(config, ports, appId, (journal) => {
    const old = replacedBySetup(journal);
    return old !== undefined && isSameCertificate(old, removed) ? { ...journal, oldRemoved } : journal;
  });
}

/** Without the note of {@link noteOldRemoved}, where this certificate was registered again. */
export function withRegisteredAgain(journal: Journal, thumbprintSha256: string): Journal {
  const { oldRemoved, ...rest } = journal;
  const old = replacedBySetup(journal);
  return oldRemoved !== undefined && old !== undefined && isSameCertificate(old, { thumbprintSha256 }) ? rest : journal;
}

async function noteEverywhere(
  config: string,
  ports: SetupPorts,
  appId: string | undefined,
  change: (journal: Journal) => Journal,
  isHeld = false,
): Promise<void> {
  if (isHeld) await noteIn(config, createJournalStore(ports.journalFolder, ports.files), appId, change);
  else await underLock(config, ports, (store) => noteIn(config, store, appId, change));
  if (appId === undefined) return;
  const store = createJournalStore(ports.journalFolder, ports.files);
  for (const file of await store.list()) {
    try {
      const journal = await store.loadFile(file);
      if (journal === undefined || journal.config === config || !chainOf(journal).some((each) => isOf(each, appId)))
        continue;
      const other = journal.config;
      await underLock(other, ports, (held) => noteIn(other, held, appId, change), { waits: true });
    } catch (error) {
      // Somebody works long on that one, or its journal is damaged: the config that was asked for is noted.
      if (!isExpectedError(error)) throw error;
    }
  }
}

/** For whoever holds the config's lock. */
async function noteIn(
  config: string,
  store: JournalStore,
  appId: string | undefined,
  change: (journal: Journal) => Journal,
): Promise<void> {
  const journal = await store.load(config);
  if (journal === undefined) return;
  // Of two configs in one file only those of this application.
  const isOther = (each: Journal) => appId !== undefined && isKnown(each) && !isOf(each, appId);
  const along = (each: Journal): Journal => {
    const changed = each.state === 'applied' && !isOther(each) ? change(each) : each;
    return changed.previous === undefined ? changed : { ...changed, previous: along(changed.previous) };
  };
  const noted = along(journal);
  await store.save(noted);
  // Nobody goes back behind this any more.
  for (const each of chainOf(noted)) if (each.retired !== undefined) await store.removeCopies(each);
}

/** Whether the journal tells its application: itself, or by a token that was issued to it. */
function isKnown({ clientId, proofs }: Journal): boolean {
  return clientId !== undefined || proofs.some((proof) => proof.clientId !== undefined);
}

function isOf({ clientId, proofs }: Journal, appId: string): boolean {
  return [clientId, ...proofs.map((proof) => proof.clientId)].some((id) => id?.toLowerCase() === appId.toLowerCase());
}

function chainOf(journal: Journal): Journal[] {
  return journal.previous === undefined ? [journal] : [journal, ...chainOf(journal.previous)];
}

function oldCertificateRemoved(config: string): ExpectedError {
  return new ExpectedError(
    'old-certificate-removed',
    l10n.t(
      'The rotation of {0} was not undone, because its old certificate is removed from the app registration: the app could not sign in any more. If you want to go back, upload the old certificate with "Client Certificate: Upload to App Registration" first; or rotate again.',
      config,
    ),
    { file: config },
  );
}

/** @param end day, ISO 8601 */
function oldCertificateExpired(config: string, end: string): ExpectedError {
  return new ExpectedError(
    'old-certificate-expired',
    l10n.t(
      'The rotation of {0} was not undone, because its old certificate expired on {1}: the app could not sign in any more. Rotate again if the new certificate is not to be used.',
      config,
      end,
    ),
    { file: config },
  );
}
