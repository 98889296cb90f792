/** Removing client secrets: one request each by key id, which touches nothing else (facts/graph.md 3.4). */
import { isCancelled, throwIfCancelled } from '../../base/errors.ts';
import type { Clock } from '../../base/ports.ts';
import { lastCredential } from './changes.ts';
import { GraphRefusal } from './graph.ts';
import type { GraphSession } from './graph.ts';
import { isWorking } from './parsing.ts';
import { read } from './reading.ts';
import type { ApplicationName, Registration, RemovalOutcome } from './types.ts';

/** Waits for reads that lag behind, in ms. */
const waits = [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000];
/** How often a request whose answer was lost is looked after and sent again. */
const mostTries = 4;

export async function removeSecrets(
  session: GraphSession,
  name: ApplicationName,
  keyIds: readonly string[],
  clock: Clock,
): Promise<RemovalOutcome> {
  const wanted = [...new Set(keyIds.map((keyId) => keyId.toLowerCase()))];
  const { registration } = await read(session, name, false);
  const present = wanted.filter((keyId) => has(registration, keyId));
  if (present.length > 0) checkLastCredential(registration, wanted, clock.now());
  for (const keyId of present) await removeOne(session, name, registration.objectId, keyId, clock);
  if (present.length > 0) await untilGone(session, name, present, clock);
  return { removed: wanted, alreadyGone: wanted.filter((keyId) => !present.includes(keyId)) };
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
      await session.send({ method: 'POST', address, body: { keyId } });
      return;
    } catch (error) {
      if (isCancelled(error)) throw error;
      // "No password credential found with keyId": somebody else was faster, or an answer of ours was lost.
      if (error instanceof GraphRefusal && error.status < 500 && error.status !== 408) {
        if (error.status === 400 && error.words.toLowerCase().includes(keyId)) return;
        throw error;
      }
      const { registration } = await read(session, name, false);
      if (!has(registration, keyId)) return;
      if (tries >= mostTries) throw error;
      await clock.delay(waits[tries] ?? 0, session.signal);
    }
  }
}

/** Reads may show an old list for some seconds; after all the waits Graph's own word, the 204, stands. */
async function untilGone(
  session: GraphSession,
  name: ApplicationName,
  keyIds: readonly string[],
  clock: Clock,
): Promise<void> {
  for (const wait of waits) {
    const { registration } = await read(session, name, false);
    if (!keyIds.some((keyId) => has(registration, keyId))) return;
    await clock.delay(wait, session.signal);
  }
}
