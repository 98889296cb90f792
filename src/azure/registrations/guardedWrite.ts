/**
 * Changing `keyCredentials`, which Graph replaces as a whole and without an ETag (facts/graph.md 3.2): two agreeing reads
 * right before the write that lack nothing which an earlier read showed, everything read is sent again, and the result is
 * read back. Nothing is ever sent a second time without new reads. What another administrator adds between our second
 * read and our write cannot be seen.
 */
import * as l10n from '@vscode/l10n';
import { isCancelled, isExpectedError, throwIfCancelled } from '../../base/errors.ts';
import type { Clock } from '../../base/ports.ts';
import { longestWait } from '../http.ts';
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
  /** Certificates that one of our reads showed and that are gone without our doing. */
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
/** How long what we wrote or saw counts for recognising old reads, in ms; replication seldom takes longer. */
const remembered = 60_000;
/** So many times a read that does not show our own write is taken for an old one; after that somebody has taken it back. */
const mostOldReads = 6;
/** So many times a list that is refused for an entry without a key is read and sent again: the reads may be older than the refusal. */
const mostRefusedLists = 6;

/** What the reads of one piece of work have shown. */
type Sight = Map<string, { readonly certificate: RegisteredCertificate; readonly at: number }>;

interface Work {
  readonly session: GraphSession;
  readonly name: ApplicationName;
  readonly change: KeyChange;
  readonly ports: GuardPorts;
  readonly seen: Sight;
}

const waitOf = (attempt: number): number => waits[Math.min(attempt, waits.length - 1)] ?? 0;

/**
 * Rejects with GraphRefusal, RestError, ExpectedError `registration-keeps-changing` or `request-timed-out`, or CancelledError. A change that only removes resolves
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
    return await changeAndReadBack({ session, name, change, ports, seen: new Map() }, onAccepted);
  } catch (error) {
    if (accepted === undefined || change.adds !== undefined) throw error;
    return { registration: accepted.registration, written: true, lost: [], unconfirmed: true };
  }
}

async function changeAndReadBack(work: Work, onAccepted: (before: ReadRegistration) => void): Promise<ChangeOutcome> {
  const { session, name, change, ports } = work;
  const { signal } = session;
  let written = false;
  let displayName = name.appId;
  /** Why nothing was ever written; undefined when something was, or when it is others who write. */
  let hindrance: Error | undefined;
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    throwIfCancelled(signal);
    const current = await agreeingReads(work);
    ({ displayName } = current.registration);
    if (change.isDone(current.registration)) {
      return { registration: current.registration, written, lost: lostOf(work, current) };
    }
    const entries = change.entries(current);
    throwIfCancelled(signal);
    let wait = waitOf(attempt);
    // Between the second of the agreeing reads and this line nothing may be awaited.
    const outcome = await write(session, current.registration.objectId, entries);
    if (outcome === undefined) {
      written = true;
      hindrance = undefined;
      onAccepted(current);
      remember(ports, current.registration.objectId, change);
      const after = await readBack(work, current);
      if (after !== undefined) return { registration: after.registration, written, lost: lostOf(work, after) };
    } else if ('lost' in outcome) {
      written = true;
      hindrance = outcome.lost;
      // Cancelled or not: whoever may have removed something looks once what became of it.
      const seen = change.adds === undefined && signal?.aborted === true ? await lookAfter(session, name) : undefined;
      if (seen !== undefined && change.isDone(seen.registration)) onAccepted(current);
    } else {
      const { refusal } = outcome;
      hindrance = isDown(refusal) ? refusal : undefined;
      // A server that fails may have done it before.
      written ||= refusal.status >= 500;
      if (!isDown(refusal) && !isOursAlready(refusal, change) && !(await hasChanged(work, current, refusal))) {
        if (!isAboutMissingKey(refusal) || attempt >= mostRefusedLists) throw refusal;
      }
      wait = refusal.wait ?? wait;
      if (wait > longestWait) throw refusal;
    }
    await ports.clock.delay(wait, signal);
  }
  throw hindrance ?? keepsChanging(displayName);
}

async function lookAfter(session: GraphSession, name: ApplicationName): Promise<ReadRegistration | undefined> {
  return read(afterCancel(session), name, false).catch(() => undefined);
}

/** Undefined: it was done. `lost` is why there is no answer: reads have to tell. */
async function write(
  session: GraphSession,
  objectId: string,
  keyCredentials: readonly Json[],
): Promise<{ readonly refusal: GraphRefusal } | { readonly lost: Error } | undefined> {
  try {
    const address = `/applications/${encodeURIComponent(objectId)}`;
    await session.send({ method: 'PATCH', address, body: { keyCredentials }, once: true });
    return undefined;
  } catch (error) {
    if (error instanceof GraphRefusal) return { refusal: error };
    if (isCancelled(error)) throw error;
    if (isExpectedError(error)) {
      if (error.code === 'request-timed-out') return { lost: error };
      throw error;
    }
    if (error instanceof Error && isConnectionFailure(error, error.message) && !isTrustFailure(error))
      return { lost: error };
    throw error;
  }
}

/** Throttled, or down for a moment. */
const isDown = ({ status }: GraphRefusal): boolean => status === 429 || status === 408 || status >= 500;

/** An earlier write of ours has been done after all. */
function isOursAlready({ details, words }: GraphRefusal, { adds }: KeyChange): boolean {
  return details.includes('KeyNotUpdatable') && adds !== undefined && words.toLowerCase().includes(adds);
}

/** Ours is a certificate, for we have looked: an entry without one may have been sent for a key that somebody has removed. */
function isAboutMissingKey({ code, words }: GraphRefusal): boolean {
  return code === 'KeyCredentialsInvalidValue' || /\bnull or empty\b/i.test(words);
}

/** A list with an entry that somebody has removed meanwhile is refused as a whole; then the new list is worth another try. */
async function hasChanged(work: Work, sent: ReadRegistration, refusal: GraphRefusal): Promise<boolean> {
  return refusal.status === 400 && fingerprint(await look(work, true)) !== fingerprint(sent);
}

/** Every read goes through here: what it shows is kept. */
async function look({ session, name, ports, seen }: Work, whole: boolean): Promise<ReadRegistration> {
  const shown = await read(session, name, whole);
  const at = ports.clock.now();
  for (const certificate of shown.registration.certificates) seen.set(certificate.keyId, { certificate, at });
  return shown;
}

/**
 * Graph's replicas need not agree: two reads in a row that lack what an earlier one showed may both come from one that is behind, and what they lack
 * would be gone with our write. Only what no read has shown for a while is gone.
 */
function lacksWhatWasSeen({ seen, ports, change }: Work, { objectId, certificates }: Registration): boolean {
  const shown = new Set(certificates.map(({ keyId }) => keyId));
  const now = ports.clock.now();
  return [...seen].some(
    ([keyId, { at }]) => !shown.has(keyId) && now - at <= remembered && !isOurDoing(keyId, objectId, change, ports),
  );
}

/** Certificates that we have taken away, or have added: whether reads are to show those is told by {@link isOlderThanOurs}. */
function isOurDoing(keyId: string, objectId: string, change: KeyChange, { ownWrites }: GuardPorts): boolean {
  return (
    keyId === change.adds || change.removes.includes(keyId) || ownWrites.get(objectId)?.removed.has(keyId) === true
  );
}

/** Two reads in a row that show the same, and neither older than what we wrote ourselves or saw before. */
async function agreeingReads(work: Work): Promise<ReadRegistration> {
  const { session, ports } = work;
  let before = await look(work, true);
  for (let attempt = 0; attempt < waits.length; attempt++) {
    const next = await look(work, true);
    if (fingerprint(before) === fingerprint(next)) {
      const lacks = lacksWhatWasSeen(work, next.registration);
      if (!lacks && !isOlderThanOurs(next.registration, ports)) return next;
      if (!lacks && attempt >= mostOldReads) break;
    }
    before = next;
    await ports.clock.delay(waitOf(attempt), session.signal);
  }
  // By now every replica knows of our write: what it does not show, somebody else has taken back.
  ports.ownWrites.delete(before.registration.objectId);
  const last = await look(work, true);
  if (fingerprint(before) === fingerprint(last) && !lacksWhatWasSeen(work, last.registration)) return last;
  throw keepsChanging(last.registration.displayName);
}

/** Undefined when somebody else wrote over it, or when reads do not show it for long. */
async function readBack(work: Work, sent: ReadRegistration): Promise<ReadRegistration | undefined> {
  const { session, change, ports } = work;
  const known = new Set(sent.registration.certificates.map(({ keyId }) => keyId));
  for (let attempt = 0; attempt < waits.length; attempt++) {
    const after = await look(work, false);
    if (change.isDone(after.registration)) return after;
    // An entry that neither of us knew tells that somebody wrote after us: waiting for ours would be in vain.
    if (after.registration.certificates.some(({ keyId }) => !known.has(keyId))) return undefined;
    await ports.clock.delay(waitOf(attempt), session.signal);
  }
  return undefined;
}

function lostOf({ seen, change, ports }: Work, { registration }: ReadRegistration): readonly RegisteredCertificate[] {
  const left = new Set(registration.certificates.map(({ keyId }) => keyId));
  return [...seen]
    .filter(([keyId]) => !left.has(keyId) && !isOurDoing(keyId, registration.objectId, change, ports))
    .map(([, { certificate }]) => certificate);
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
