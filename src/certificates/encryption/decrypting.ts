/** Decrypting one piece of a file with the passwords that may fit. */
import { attempt, unsupportedEncryption } from '../errors.ts';
import type { DerNode } from '../der.ts';
import { CipherMissing, decrypt } from './ciphers.ts';
import { derive, hasHash, type PasswordForm } from './kdf.ts';
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
 * is not. Undefined when none fits. The first try is paid for in the budget by whoever read the scheme; the further
 * ones are paid here and left out when the budget is used up.
 */
export async function openSealed<T>(
  sealed: Sealed,
  forms: readonly PasswordForm[],
  budget: KdfBudget,
  format: SealedFormat,
  read: (plain: Uint8Array) => T | undefined,
  signal?: AbortSignal,
): Promise<{ value: T; form: PasswordForm } | undefined> {
  const { kdf, cipher, iv } = sealed.scheme;
  if (cipher.type === 'unknown') throw unsupportedEncryption(cipher.name, format);
  if (kdf.kind !== 'scrypt' && !hasHash(kdf.hash)) throw unsupportedEncryption(kdf.hash.toUpperCase(), format);
  const tried: Uint8Array[] = [];
  for (const form of forms) {
    const secret = kdf.kind === 'pkcs12' ? form.bmp : form.bytes;
    if (tried.some((bytes) => Buffer.compare(bytes, secret) === 0)) continue;
    if (tried.length > 0 && !budget.afford(kdf)) return undefined;
    tried.push(secret);
    const key = await derive(kdf, form, cipher.keyLength, 'key', signal);
    const vector =
      iv ?? (cipher.ivLength > 0 ? await derive(kdf, form, cipher.ivLength, 'iv', signal) : new Uint8Array());
    const plain = await decryptOrExplain(sealed, key, vector, format, signal);
    const value = plain === undefined ? undefined : attempt(() => read(plain));
    if (value !== undefined) return { value, form };
  }
  return undefined;
}

async function decryptOrExplain(
  sealed: Sealed,
  key: Uint8Array,
  iv: Uint8Array,
  format: SealedFormat,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  try {
    return await decrypt(sealed.scheme.cipher, key, iv, sealed.data, signal);
  } catch (error) {
    if (error instanceof CipherMissing) throw unsupportedEncryption(error.cipher, format);
    throw error;
  }
}
