/** Decrypting one piece of a file with the passwords that may fit. */
import { attempt, unsupportedEncryption } from '../errors.ts';
import { Tag, type DerNode } from '../der.ts';
import { CipherMissing, decrypt, withoutPadding, type Cipher } from './ciphers.ts';
import { derive, distinctForms, hasHash, type PasswordForm } from './kdf.ts';
import type { KdfBudget } from './kdfLimits.ts';
import { readScheme, SchemeUnknown, type Scheme } from './schemes.ts';

export interface Sealed {
  readonly scheme: Scheme;
  readonly data: Uint8Array;
}

export type SealedFormat = 'pkcs12' | 'key';

/** Reads a scheme; what is not known becomes the expected error `unsupported-encryption`. Throws DerError too. */
export function readSealed(algorithm: DerNode | undefined, data: Uint8Array, format: SealedFormat): Sealed {
  return { scheme: orUnsupported(format, () => readScheme(algorithm)), data };
}

/** Turns what this crypto library or this room does not know into `unsupported-encryption`. */
export function orUnsupported<T>(format: SealedFormat, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof SchemeUnknown) throw unsupportedEncryption(error.algorithm, format);
    if (error instanceof CipherMissing) throw unsupportedEncryption(error.cipher, format);
    throw error;
  }
}

/**
 * Tries the forms in order until what comes out passes `read`, which returns undefined or throws DerError for what it
 * is not. Undefined when none fits; `damaged` when one fits the beginning of what was encrypted, but not the rest. The first try is paid for in the budget by whoever read the scheme; the further
 * ones are paid here and left out when the budget is used up.
 */
export async function openSealed<T>(
  sealed: Sealed,
  forms: readonly PasswordForm[],
  budget: KdfBudget,
  format: SealedFormat,
  read: (plain: Uint8Array) => T | undefined,
  signal?: AbortSignal,
): Promise<{ value: T } | 'damaged' | undefined> {
  const { kdf, cipher, iv } = sealed.scheme;
  if (cipher.type === 'unknown') throw unsupportedEncryption(cipher.name, format);
  if (kdf.kind !== 'scrypt' && !hasHash(kdf.hash)) throw unsupportedEncryption(kdf.hash.toUpperCase(), format);
  for (const [index, form] of distinctForms(forms, kdf).entries()) {
    if (index > 0 && !budget.afford(kdf)) return undefined;
    const key = await derive(kdf, form, cipher.keyLength, 'key', signal);
    const vector =
      iv ?? (cipher.ivLength > 0 ? await derive(kdf, form, cipher.ivLength, 'iv', signal) : new Uint8Array());
    const opened = await decryptAndRead(cipher, key, vector, sealed.data, format, read, signal);
    if (opened !== undefined) return opened;
  }
  return undefined;
}

/** One try with one key. Rejects with `unsupported-encryption`. */
export async function decryptAndRead<T>(
  cipher: Cipher,
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
  format: SealedFormat,
  read: (plain: Uint8Array) => T | undefined,
  signal?: AbortSignal,
): Promise<{ value: T } | 'damaged' | undefined> {
  let padded: Uint8Array | undefined;
  try {
    padded = await decrypt(cipher, key, iv, data, signal);
  } catch (error) {
    if (error instanceof CipherMissing) throw unsupportedEncryption(error.cipher, format);
    throw error;
  }
  if (padded === undefined) return undefined;
  const plain = withoutPadding(cipher, padded);
  const value = plain === undefined ? undefined : attempt(() => read(plain));
  if (value !== undefined) return { value };
  return startsRight(padded, cipher.ivLength) ? 'damaged' : undefined;
}

/**
 * Whether decrypted bytes start like a key or like a safe that is exactly as long as they are: a sequence with another, or with a
 * version, in it. With a wrong password that happens once in millions; a damaged block garbles itself and no other but the next.
 */
function startsRight(padded: Uint8Array, blockSize: number): boolean {
  const [tag, first = 0] = padded;
  const count = first > 0x80 ? first & 0x7f : 0;
  if (tag !== Tag.sequence || first === 0x80 || count > 3) return false;
  const start = 2 + count;
  const length = count === 0 ? first : padded.subarray(2, start).reduce((sum, byte) => sum * 256 + byte, 0);
  const padding = padded.length - start - length;
  if (padding < Math.min(blockSize, 1) || padding > blockSize) return false;
  return padded[start] === Tag.sequence || (padded[start] === Tag.integer && padded[start + 1] === 1);
}
