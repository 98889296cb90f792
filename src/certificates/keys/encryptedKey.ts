/** Encrypted private keys: PKCS#8 (RFC 5958 section 3) and the old encryption of PEM bodies. */
import { createHash } from 'node:crypto';
import { ExpectedError, isExpectedError } from '../../base/errors.ts';
import { children, octets, readDer } from '../der.ts';
import { damagedFile, passwordRequired, unsupportedEncryption, wrongPasswordOrDamaged } from '../errors.ts';
import type { Cipher } from '../encryption/ciphers.ts';
import { decryptAndRead, openSealed, readSealed, type Sealed, type SealedFormat } from '../encryption/decrypting.ts';
import { passwordForms } from '../encryption/kdf.ts';
import type { KdfBudget } from '../encryption/kdfLimits.ts';
import type { PemBlock } from '../pem.ts';
import { toPkcs8 } from './pkcs8.ts';

/** A key of a file: at hand as PKCS#8, or locked, with the error that says why whoever needs it cannot have it. */
export type KeyContent = { readonly pkcs8: Uint8Array } | { readonly locked: ExpectedError };

/** Reads EncryptedPrivateKeyInfo without deriving anything. Throws DerError, or `unsupported-encryption`. */
export function readEncryptedPkcs8(der: Uint8Array, format: SealedFormat): Sealed {
  const [algorithm, data] = children(readDer(der));
  return readSealed(algorithm, octets(data), format);
}

/**
 * Decrypts a key with the first password that fits.
 * @param passwords the given ones, likeliest first; none stands for the empty one
 */
export async function openEncryptedPkcs8(
  sealed: Sealed,
  passwords: readonly string[],
  budget: KdfBudget,
  format: SealedFormat,
  signal?: AbortSignal,
): Promise<KeyContent> {
  const { cipher } = sealed.scheme;
  if (sealed.data.length === 0 || (cipher.ivLength > 0 && sealed.data.length % cipher.ivLength !== 0)) {
    return { locked: damagedFile() };
  }
  for (const [index, password] of (passwords.length === 0 ? [''] : passwords).entries()) {
    if (index > 0 && !budget.afford(sealed.scheme.kdf)) break;
    const opened = await openSealed(sealed, passwordForms(password), budget, format, toPkcs8, signal);
    if (opened !== undefined) return opened === 'damaged' ? { locked: damagedFile() } : { pkcs8: opened.value };
  }
  return { locked: passwords.length === 0 ? passwordRequired('key') : wrongPasswordOrDamaged('key') };
}

/** Ciphers of `DEK-Info`. RC2's key is 128 bits unless its name says otherwise. */
const dekCiphers: Readonly<Record<string, Cipher>> = {
  'AES-128-CBC': { name: 'AES-128-CBC', type: 'native', node: 'aes-128-cbc', keyLength: 16, ivLength: 16 },
  'AES-192-CBC': { name: 'AES-192-CBC', type: 'native', node: 'aes-192-cbc', keyLength: 24, ivLength: 16 },
  'AES-256-CBC': { name: 'AES-256-CBC', type: 'native', node: 'aes-256-cbc', keyLength: 32, ivLength: 16 },
  'DES-EDE3-CBC': { name: '3DES-CBC', type: 'tripleDes', keyLength: 24, ivLength: 8 },
  'DES-EDE-CBC': { name: '3DES-CBC with two keys', type: 'tripleDes', keyLength: 16, ivLength: 8 },
  'DES-CBC': { name: 'DES-CBC', type: 'des', keyLength: 8, ivLength: 8 },
  'RC2-CBC': { name: 'RC2-128-CBC', type: 'rc2', keyLength: 16, ivLength: 8, rc2Bits: 128 },
  'RC2-64-CBC': { name: 'RC2-64-CBC', type: 'rc2', keyLength: 8, ivLength: 8, rc2Bits: 64 },
  'RC2-40-CBC': { name: 'RC2-40-CBC', type: 'rc2', keyLength: 5, ivLength: 8, rc2Bits: 40 },
  'CAMELLIA-128-CBC': {
    name: 'Camellia-128-CBC',
    type: 'native',
    node: 'camellia-128-cbc',
    keyLength: 16,
    ivLength: 16,
  },
  'CAMELLIA-192-CBC': {
    name: 'Camellia-192-CBC',
    type: 'native',
    node: 'camellia-192-cbc',
    keyLength: 24,
    ivLength: 16,
  },
  'CAMELLIA-256-CBC': {
    name: 'Camellia-256-CBC',
    type: 'native',
    node: 'camellia-256-cbc',
    keyLength: 32,
    ivLength: 16,
  },
  'ARIA-128-CBC': { name: 'ARIA-128-CBC', type: 'native', node: 'aria-128-cbc', keyLength: 16, ivLength: 16 },
  'ARIA-192-CBC': { name: 'ARIA-192-CBC', type: 'native', node: 'aria-192-cbc', keyLength: 24, ivLength: 16 },
  'ARIA-256-CBC': { name: 'ARIA-256-CBC', type: 'native', node: 'aria-256-cbc', keyLength: 32, ivLength: 16 },
  'SM4-CBC': { name: 'SM4-CBC', type: 'native', node: 'sm4-cbc', keyLength: 16, ivLength: 16 },
};

/** Decrypts a body with `Proc-Type: 4,ENCRYPTED`: one round of MD5, as OpenSSL's EVP_BytesToKey does it. */
export async function openLegacyPem(
  block: PemBlock,
  passwords: readonly string[],
  signal?: AbortSignal,
): Promise<KeyContent> {
  const { der, dekInfo } = block;
  if (der === undefined || dekInfo === undefined) return { locked: damagedFile() };
  const cipher = dekCiphers[dekInfo.cipher];
  if (cipher === undefined) return { locked: unsupportedEncryption(dekInfo.cipher, 'key') };
  if (dekInfo.iv.length !== cipher.ivLength || der.length % cipher.ivLength !== 0) return { locked: damagedFile() };
  if (passwords.length === 0) return { locked: passwordRequired('key') };
  for (const form of passwords.flatMap((password) => passwordForms(password))) {
    const key = bytesToKey(form.bytes, dekInfo.iv.subarray(0, 8), cipher.keyLength);
    const content = await orLocked(async () => {
      const opened = await decryptAndRead(cipher, key, dekInfo.iv, der, 'key', toPkcs8, signal);
      if (opened === undefined) return { locked: wrongPasswordOrDamaged('key') };
      return opened === 'damaged' ? { locked: damagedFile() } : { pkcs8: opened.value };
    });
    if (!('locked' in content) || content.locked.code !== 'wrong-password') return content;
  }
  return { locked: wrongPasswordOrDamaged('key') };
}

/** Turns an expected error of reading a key into a locked key, so that the certificates beside it can still be described. */
export async function orLocked(read: () => Promise<KeyContent>): Promise<KeyContent> {
  try {
    return await read();
  } catch (error) {
    if (isExpectedError(error) && error.code === 'unsupported-encryption') return { locked: error };
    throw error;
  }
}

function bytesToKey(password: Uint8Array, salt: Uint8Array, length: number): Uint8Array {
  let key = Buffer.alloc(0);
  let block = Buffer.alloc(0);
  while (key.length < length) {
    block = createHash('md5').update(block).update(password).update(salt).digest();
    key = Buffer.concat([key, block]);
  }
  return key.subarray(0, length);
}
