/** Encryption under a password as keys and PKCS#12 files are written: PBES2 (RFC 8018, 6.2), derived by native code off the main thread. */
import { createCipheriv, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { integer, nullValue, objectId, octetString, sequence, type Asn1 } from './derWriting.ts';
import { Oid } from './oids.ts';

const derive = promisify(pbkdf2);
const hmacSha256 = '1.2.840.113549.2.9';
const aes256Cbc = '2.16.840.1.101.3.4.1.42';

export interface Encrypted {
  /** AlgorithmIdentifier with every parameter that opening needs. */
  readonly algorithm: Asn1;
  readonly bytes: Uint8Array;
}

/**
 * Encrypts with AES-256-CBC under a key that PBKDF2-HMAC-SHA256 makes from the password (as UTF-8) and a fresh
 * 16-byte salt.
 */
export async function encryptPbes2(plain: Uint8Array, password: string, iterations: number): Promise<Encrypted> {
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const key = await derive(Buffer.from(password, 'utf8'), salt, iterations, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const bytes = Buffer.concat([cipher.update(plain), cipher.final()]);
  const keyDerivation = sequence(
    objectId(Oid.pbkdf2),
    sequence(octetString(salt), integer(iterations), sequence(objectId(hmacSha256), nullValue())),
  );
  const algorithm = sequence(
    objectId(Oid.pbes2),
    sequence(keyDerivation, sequence(objectId(aes256Cbc), octetString(iv))),
  );
  return { algorithm, bytes };
}
