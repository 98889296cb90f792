/** Removing client secrets: one request each by key id, which touches nothing else (facts/graph.md 3.4). */
import { isCancelled, throwIfCancelled } from '../../base/errors.ts';
import type { Clock } from '../../base/ports.ts';
import { longestWait } from '../http.ts';
import { lastCredential } from './changes.ts';
import { afterCancel, GraphRefusal } from './graph.ts';
import type { GraphSession } from './graph.ts';
import { isWorking } from './parsing.ts';
import { read } from './reading.ts';
import type { ApplicationName, Registration, RemovalOutcome } from './types.ts';

/** Waits for reads that lag behind, in ms. */
const waits = [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000];
/** How often a request whose answer was lost is looked after and sent again. */
const mostTries = 6;

/** What became of a removal; the error is still Graph's. */
export interface SecretsOutcome extends Omit<RemovalOutcome, 'kept'> {
  readonly kept?: { readonly keyIds: readonly string[]; readonly error: unknown };
}

/** Rejects as long as nothing is removed; from then on what hinders, a cancellation too, is part of the outcome. */
export async function removeSecrets(
  session: GraphSession,
  name: ApplicationName,
  keyIds: readonly string[],
  clock: Clock,
): Promise<SecretsOutcome> {
  const wanted = [...new Set(keyIds.map((keyId) => keyId.toLowerCase()))];
  const { registration } = await read(session, name, false);
  const present = wanted.filter((keyId) => has(registration, keyId));
  if (present.length > 0) checkLastCredential(registration, wanted, clock.now());
  const { done, error } = await removeInTurn(session, name, registration.objectId, present, clock);
  const kept = present.filter((keyId) => !done.includes(keyId));
  const unconfirmed = done.length === 0 ? [] : await untilGone(session, name, done, clock);
  return {
    removed: wanted.filter((keyId) => !kept.includes(keyId)),
    alreadyGone: wanted.filter((keyId) => !present.includes(keyId)),
    ...(unconfirmed.length === 0 ? {} : { unconfirmed }),
    ...(kept.length === 0 ? {} : { kept: { keyIds: kept, error } }),
  };
}

async function removeInTurn(
  session: GraphSession,
  name: ApplicationName,
  objectId: string,
  keyIds: readonly string[],
  clock: Clock,
): Promise<{ readonly done: readonly string[]; readonly error?: unknown }> {
  const done: string[] = [];
  for (const keyId of keyIds) {
    try {
      await removeOne(session, name, objectId, keyId, clock);
      done.push(keyId);
    } catch (error) {
      if (done.length === 0) throw error;
      return { done, error };
    }
  }
  return { done };
}

const has = ({ secrets }: Registration, keyId: string): boolean => secrets.some((secret) => secret.keyId === keyId);

function checkLastCredential(registration: Registration, going: readonly string[], now: number): void {
  const left = [...registration.certificates, ...registration.secrets.filter(({ keyId }) => !going.includes(keyId))];
  if (!left.some((credential) => isWorking(credential, now))) throw lastCredential(registration.displayName);
}

async function removeOne(
  session: GraphSession,
  name: ApplicationName,
  objectId: string,
  keyId: string,
  clock: Clock,
): Promise<void> {
  const address = `/applications/${encodeURIComponent(objectId)}/removePassword`;
  for (let tries = 1; ; tries++) {
    throwIfCancelled(session.signal);
    try {
      // Not aborted when it is cancelled: then nobody would know whether the secret is gone.
      await session.send({ method: 'POST', address, body: { keyId }, once: true });
      return;
    } catch (error) {
      if (isCancelled(error)) throw error;
      let wait = waits[tries] ?? 0;
      if (error instanceof GraphRefusal && (error.status === 429 || error.status === 503)) {
        wait = error.wait ?? wait;
        if (wait > longestWait) throw error;
      } else {
        // "No password credential found with keyId": somebody else was faster, or an answer of ours was lost.
        if (error instanceof GraphRefusal && error.status < 500 && error.status !== 408) {
          if (error.status === 400 && error.words.toLowerCase().includes(keyId)) return;
          throw error;
        }
        const { registration } = await read(afterCancel(session), name, false);
        if (!has(registration, keyId)) return;
      }
      if (tries >= mostTries) throw error;
      await clock.delay(wait, session.signal);
    }
  }
}

/**
 * Reads may show an old list for some seconds; after all the waits, or when reading fails or is cancelled, Graph's own word, the 204, stands.
 * @returns those of the key ids that the last read still showed
 */
async function untilGone(
  session: GraphSession,
  name: ApplicationName,
  keyIds: readonly string[],
  clock: Clock,
): Promise<readonly string[]> {
  let shown = keyIds;
  try {
    for (const wait of waits) {
      const { registration } = await read(session, name, false);
      shown = keyIds.filter((keyId) => has(registration, keyId));
      if (shown.length === 0) break;
      await clock.delay(wait, session.signal);
    }
  } catch {
    // Whatever it is, it does not bring the secrets back.
  }
  return shown;
}
