/** Decryption with the ciphers of certificate files, also those that today's crypto libraries have dropped. */
import { createDecipheriv } from 'node:crypto';
import rc2 from 'node-forge/lib/rc2.js';
import forgeUtil from 'node-forge/lib/util.js';
import { binaryString, fromBinaryString } from '../der.ts';
import { Yielding } from './yielding.ts';

/** A cipher as the file names it. */
export interface Cipher {
  /** Name for people. */
  readonly name: string;
  readonly type: 'native' | 'des' | 'tripleDes' | 'rc2' | 'rc4' | 'unknown';
  /** Name in Node's `crypto`, for `native`. */
  readonly node?: string;
  readonly keyLength: number;
  readonly ivLength: number;
  /** Effective key length of RC2 in bits. */
  readonly rc2Bits?: number;
}

/** Bytes that node-forge decrypts in one go: a few milliseconds. */
const rc2Piece = 4096;
/** Bytes; what programs encrypted with RC2 are a few certificates. In JavaScript a megabyte takes a quarter of a second. */
const maxRc2 = 1024 * 1024;

/** Thrown when this crypto library has no such cipher. */
export class CipherMissing extends Error {
  constructor(readonly cipher: string) {
    super(`No cipher ${cipher}`);
  }
}

/**
 * Decrypts and leaves the padding at the end (see {@link withoutPadding}); undefined when the data are not whole blocks.
 * Throws {@link CipherMissing}.
 */
export async function decrypt(
  cipher: Cipher,
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  switch (cipher.type) {
    case 'native':
      return decryptNatively(cipher.node ?? '', cipher.name, key, iv, data);
    // One key three times makes DES of triple DES; two keys: first, second, first.
    case 'des':
      return decryptNatively('des-ede3-cbc', cipher.name, Buffer.concat([key, key, key]), iv, data);
    case 'tripleDes': {
      const three = key.length === 24 ? key : Buffer.concat([key, key.subarray(0, 8)]);
      return decryptNatively('des-ede3-cbc', cipher.name, three, iv, data);
    }
    case 'rc2':
      return decryptRc2(cipher.rc2Bits ?? 128, key, iv, data, signal);
    case 'rc4':
      return rc4(key, data);
    case 'unknown':
      throw new CipherMissing(cipher.name);
  }
}

function decryptNatively(
  algorithm: string,
  name: string,
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
): Uint8Array | undefined {
  let decipher;
  try {
    decipher = createDecipheriv(algorithm, key, iv).setAutoPadding(false);
  } catch {
    throw new CipherMissing(name);
  }
  try {
    return Buffer.concat([decipher.update(data), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** With node-forge: OpenSSL 3 has RC2 in its legacy provider only, which Node does not load. */
async function decryptRc2(
  effectiveBits: number,
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  if (data.length === 0 || data.length % 8 !== 0) return undefined;
  if (data.length > maxRc2) throw new CipherMissing(`RC2-${effectiveBits}-CBC`);
  const cipher = rc2.createDecryptionCipher(binaryString(key), effectiveBits);
  const yielding = new Yielding(signal);
  const pieces: Uint8Array[] = [];
  // Piece by piece, each chained to the one before: forge's buffers take quadratic time on megabytes.
  for (let offset = 0; offset < data.length; offset += rc2Piece) {
    const vector = offset === 0 ? iv : data.subarray(offset - 8, offset);
    cipher.start(binaryString(vector));
    cipher.update(forgeUtil.createBuffer(binaryString(data.subarray(offset, offset + rc2Piece))));
    cipher.finish(() => true);
    pieces.push(fromBinaryString(cipher.output.getBytes()));
    if (yielding.due) await yielding.pause();
  }
  return Buffer.concat(pieces);
}

/** PKCS#7 padding taken off where the cipher has blocks; undefined when it is wrong, which means another key or damaged data. */
export function withoutPadding({ ivLength }: Cipher, padded: Uint8Array): Uint8Array | undefined {
  // The vector of a cipher with blocks is one block; stream ciphers have none.
  if (ivLength === 0) return padded;
  const count = padded.at(-1) ?? 0;
  if (count < 1 || count > ivLength || padded.subarray(-count).some((byte) => byte !== count)) return undefined;
  return padded.subarray(0, -count);
}

/** RC4, which neither OpenSSL 3's default provider nor node-forge has. Only to read files of the 1990s. */
function rc4(key: Uint8Array, data: Uint8Array): Uint8Array {
  const state = Uint8Array.from({ length: 256 }, (_, index) => index);
  const at = (index: number): number => state[index & 255] ?? 0;
  const swap = (a: number, b: number): void => {
    const kept = at(a);
    state[a] = at(b);
    state[b] = kept;
  };
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + at(i) + (key[i % key.length] ?? 0)) & 255;
    swap(i, j);
  }
  let i = 0;
  let j = 0;
  return data.map((byte) => {
    i = (i + 1) & 255;
    j = (j + at(i)) & 255;
    swap(i, j);
    return byte ^ at(at(i) + at(j));
  });
}
