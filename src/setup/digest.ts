/** Fingerprints of files for the journal, which tells by them whether a file is still what setup left. */
import { createHash, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(pbkdf2);
/** About 7 ms: nothing in a setup, but it makes guessing twenty thousand times dearer. */
const iterations = 20_000;

/** `sha256:HEX`, or `pbkdf2-sha256:ITERATIONS:SALT:HEX` for files whose content may be guessable (see {@link slowDigest}). */
export type Digest = string;

export function digest(bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/**
 * For pass phrase and `.env` files: a pass phrase that somebody typed is short, and a plain hash of it in the journal could be guessed from.
 */
export async function slowDigest(bytes: Uint8Array): Promise<Digest> {
  const salt = randomBytes(16);
  return `pbkdf2-sha256:${iterations}:${salt.toString('hex')}:${await stretch(bytes, salt, iterations)}`;
}

/** Whether the bytes are those that the digest was made of; undefined bytes (no such file) never are. */
export async function matches(bytes: Uint8Array | undefined, expected: Digest): Promise<boolean> {
  if (bytes === undefined) return false;
  const [kind, count, salt, hash] = expected.split(':');
  if (kind !== 'pbkdf2-sha256') return digest(bytes) === expected;
  // The journal is a file that anybody could have edited; do not let it stall us.
  if (Number(count) !== iterations) return false;
  return (await stretch(bytes, Buffer.from(salt ?? '', 'hex'), iterations)) === hash;
}

async function stretch(bytes: Uint8Array, salt: Uint8Array, count: number): Promise<string> {
  const key = createHash('sha256').update(bytes).digest();
  return (await derive(key, salt, count, 32, 'sha256')).toString('hex');
}
