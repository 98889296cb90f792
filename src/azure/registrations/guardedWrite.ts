/**
 * Changing `keyCredentials`, which Graph replaces as a whole and without an ETag (facts/graph.md 3.2): two agreeing reads
 * right before the write, everything read is sent again, and the result is read back. Nothing is ever sent a second
 * time without new reads. What another administrator adds between our second read and our write cannot be seen.
 */
import * as l10n from '@vscode/l10n';
import { isCancelled, isExpectedError, throwIfCancelled } from '../../base/errors.ts';
import type { Clock } from '../../base/ports.ts';
import { isConnectionFailure, isTrustFailure } from '../networkErrors.ts';
import { expected } from '../vaults/serviceError.ts';
import { afterCancel, GraphRefusal } from './graph.ts';
import type { GraphSession, Json } from './graph.ts';
import { text } from './parsing.ts';
import { read } from './reading.ts';
import type { ReadRegistration } from './reading.ts';
import type { ApplicationName, RegisteredCertificate, Registration } from './types.ts';

/** One change to the list of certificates. */
export interface KeyChange {
  /** Whether this state is the wanted one. `keyCredentials` may come without the certificates themselves. */
  isDone(registration: Registration): boolean;
  /** The whole list to send. Throws ExpectedError where the change must not be made to this state. */
  entries(current: ReadRegistration): readonly Json[];
  /** Key ids that go on purpose. */
  readonly removes: readonly string[];
  /** Key id that is added. */
  readonly adds?: string;
}

export interface ChangeOutcome {
  readonly registration: Registration;
  /** False: nothing was written because all was as wanted. */
  readonly written: boolean;
  /** Certificates that our last read showed and that are gone without our doing. */
  readonly lost: readonly RegisteredCertificate[];
  /** Graph accepted a removal, but reading it back was cancelled, failed, or showed an old list for long. */
  readonly unconfirmed?: boolean;
}

/** Our own writes of the last minutes: a read that does not show them is an old one (facts/failure-modes.md F42). */
export type OwnWrites = Map<
  string,
  { readonly at: number; readonly added: Set<string>; readonly removed: Set<string> }
>;

export interface GuardPorts {
  readonly clock: Clock;
  readonly ownWrites: OwnWrites;
}

/** How often everything begins anew before we give up: whoever else writes does not do so for ever. */
const mostAttempts = 8;
/** Waits between attempts, and for reads that lag behind, in ms; replication takes seconds, seldom a minute. */
const waits = [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
/** How long an own write counts for recognising old reads, in ms; replication seldom takes longer. */
const remembered = 60_000;
/** So many times a read that does not show our own write is taken for an old one; after that somebody has taken it back. */
const mostOldReads = 6;

const waitOf = (attempt: number): number => waits[Math.min(attempt, waits.length - 1)] ?? 0;

/**
 * Rejects with GraphRefusal, RestError, ExpectedError `registration-keeps-changing`, or CancelledError. A change that only removes resolves
 * once Graph has accepted it: "try again" or silence would be wrong for what is gone.
 */
export async function changeKeys(
  session: GraphSession,
  name: ApplicationName,
  change: KeyChange,
  ports: GuardPorts,
): Promise<ChangeOutcome> {
  let accepted: ReadRegistration | undefined;
  const onAccepted = (before: ReadRegistration) => {
    accepted = before;
  };
  try {
    return await changeAndReadBack(session, name, change, ports, onAccepted);
  } catch (error) {
    if (accepted === undefined || change.adds !== undefined) throw error;
    return { registration: accepted.registration, written: true, lost: [], unconfirmed: true };
  }
}

async function changeAndReadBack(
  session: GraphSession,
  name: ApplicationName,
  change: KeyChange,
  ports: GuardPorts,
  onAccepted: (before: ReadRegistration) => void,
): Promise<ChangeOutcome> {
  const { signal } = session;
  let sent: ReadRegistration | undefined;
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    throwIfCancelled(signal);
    const current = await agreeingReads(session, name, ports);
    if (change.isDone(current.registration)) {
      return { registration: current.registration, written: sent !== undefined, lost: lostOf(sent, current, change) };
    }
    const entries = change.entries(current);
    throwIfCancelled(signal);
    let wait = waitOf(attempt);
    // Between the second of the agreeing reads and this line nothing may be awaited.
    const refusal = await write(session, current.registration.objectId, entries);
    sent = current;
    if (refusal === undefined) {
      onAccepted(current);
      remember(ports, current.registration.objectId, change);
      const after = await readBack(session, name, change, current, ports);
      if (after !== undefined) {
        return { registration: after.registration, written: true, lost: lostOf(current, after, change) };
      }
    } else if (refusal === 'unknown') {
      // Cancelled or not: whoever may have removed something looks once what became of it.
      const seen = change.adds === undefined && signal?.aborted === true ? await lookAfter(session, name) : undefined;
      if (seen !== undefined && change.isDone(seen.registration)) onAccepted(current);
    } else {
      if (!mayTryAgain(refusal, change) && !(await hasChanged(session, name, current, refusal))) throw refusal;
      wait = refusal.wait ?? wait;
    }
    await ports.clock.delay(wait, signal);
  }
  throw keepsChanging(sent?.registration.displayName ?? name.appId);
}

async function lookAfter(session: GraphSession, name: ApplicationName): Promise<ReadRegistration | undefined> {
  return read(afterCancel(session), name, false).catch(() => undefined);
}

/** Undefined: it was done. `unknown`: the answer is lost and reads have to tell. */
async function write(
  session: GraphSession,
  objectId: string,
  keyCredentials: readonly Json[],
): Promise<GraphRefusal | 'unknown' | undefined> {
  try {
    const address = `/applications/${encodeURIComponent(objectId)}`;
    await session.send({ method: 'PATCH', address, body: { keyCredentials }, once: true });
    return undefined;
  } catch (error) {
    if (error instanceof GraphRefusal) return error;
    if (isCancelled(error)) throw error;
    if (isExpectedError(error)) {
      if (error.code === 'request-timed-out') return 'unknown';
      throw error;
    }
    const words = error instanceof Error ? error.message : '';
    if (isConnectionFailure(error, words) && !isTrustFailure(error)) return 'unknown';
    throw error;
  }
}

/** Throttled, down for a moment, or refused because our reads were old ones. */
function mayTryAgain({ status, code, details, words }: GraphRefusal, change: KeyChange): boolean {
  if (status === 429 || status === 408 || status >= 500) return true;
  // Our own entry is there already.
  if (details.includes('KeyNotUpdatable'))
    return change.adds !== undefined && words.toLowerCase().includes(change.adds);
  // Ours is a certificate, for we have looked: an entry without one was sent for a key that somebody has removed.
  return code === 'KeyCredentialsInvalidValue' || /\bnull or empty\b/i.test(words);
}

/** A list with an entry that somebody has removed meanwhile is refused as a whole; then the new list is worth another try. */
async function hasChanged(
  session: GraphSession,
  name: ApplicationName,
  sent: ReadRegistration,
  refusal: GraphRefusal,
): Promise<boolean> {
  return refusal.status === 400 && fingerprint(await read(session, name, true)) !== fingerprint(sent);
}

/** Two reads in a row that show the same, and neither older than what we wrote ourselves. */
async function agreeingReads(
  session: GraphSession,
  name: ApplicationName,
  ports: GuardPorts,
): Promise<ReadRegistration> {
  let before = await read(session, name, true);
  for (let attempt = 0; attempt < waits.length; attempt++) {
    const next = await read(session, name, true);
    if (fingerprint(before) === fingerprint(next)) {
      if (!isOlderThanOurs(next.registration, ports)) return next;
      if (attempt >= mostOldReads) break;
    }
    before = next;
    await ports.clock.delay(waitOf(attempt), session.signal);
  }
  // By now every replica knows of our write: what it does not show, somebody else has taken back.
  ports.ownWrites.delete(before.registration.objectId);
  const last = await read(session, name, true);
  if (fingerprint(before) === fingerprint(last)) return last;
  throw keepsChanging(last.registration.displayName);
}

/** Undefined when somebody else wrote over it, or when reads do not show it for long. */
async function readBack(
  session: GraphSession,
  name: ApplicationName,
  change: KeyChange,
  sent: ReadRegistration,
  ports: GuardPorts,
): Promise<ReadRegistration | undefined> {
  const known = new Set(sent.registration.certificates.map(({ keyId }) => keyId));
  for (let attempt = 0; attempt < waits.length; attempt++) {
    const after = await read(session, name, false);
    if (change.isDone(after.registration)) return after;
    // An entry that neither of us knew tells that somebody wrote after us: waiting for ours would be in vain.
    if (after.registration.certificates.some(({ keyId }) => !known.has(keyId))) return undefined;
    await ports.clock.delay(waitOf(attempt), session.signal);
  }
  return undefined;
}

function lostOf(
  sent: ReadRegistration | undefined,
  after: ReadRegistration,
  change: KeyChange,
): readonly RegisteredCertificate[] {
  const left = new Set(after.registration.certificates.map(({ keyId }) => keyId));
  return (sent?.registration.certificates ?? []).filter(
    ({ keyId }) => !left.has(keyId) && !change.removes.includes(keyId),
  );
}

function fingerprint({ registration, keys }: ReadRegistration): string {
  return JSON.stringify([
    registration.objectId,
    registration.tokenEncryptionKeyId,
    keys
      .map((key) => [text(key.keyId), text(key.startDateTime), text(key.endDateTime), text(key.usage), text(key.key)])
      .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
  ]);
}

function remember({ ownWrites, clock }: GuardPorts, objectId: string, change: KeyChange): void {
  const { added, removed } = ownWrites.get(objectId) ?? { added: new Set<string>(), removed: new Set<string>() };
  if (change.adds !== undefined) {
    added.add(change.adds);
    removed.delete(change.adds);
  }
  for (const keyId of change.removes) {
    removed.add(keyId);
    added.delete(keyId);
  }
  ownWrites.set(objectId, { at: clock.now(), added, removed });
}

function isOlderThanOurs({ objectId, certificates }: Registration, { ownWrites, clock }: GuardPorts): boolean {
  const own = ownWrites.get(objectId);
  if (own === undefined || clock.now() - own.at > remembered) return false;
  const shown = new Set(certificates.map(({ keyId }) => keyId));
  return [...own.added].some((keyId) => !shown.has(keyId)) || [...own.removed].some((keyId) => shown.has(keyId));
}

function keepsChanging(displayName: string): Error {
  return expected(
    'registration-keeps-changing',
    l10n.t(
      'The app registration {0} did not come to rest: somebody else keeps changing its certificates, or Microsoft Graph does not show what was written. No certificate of others was removed by this. Run the command again in some minutes; what is already done is not done twice.',
      displayName,
    ),
  );
}
