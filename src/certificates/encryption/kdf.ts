/** Keys from passwords: PKCS#12's own derivation, PBKDF1, PBKDF2 and scrypt. */
import crypto from 'node:crypto';
import { promisify } from 'node:util';
import { rehashing } from './rehashing.ts';
import { Yielding } from './yielding.ts';

/** A derivation as the file prescribes it. Hashes have their names in Node's `crypto`. */
export type Kdf =
  | {
      /** RFC 7292 appendix B. */
      readonly kind: 'pkcs12';
      readonly hash: string;
      readonly salt: Uint8Array;
      readonly iterations: number;
      /** Hash values that are needed for key and initialization vector together. */
      readonly blocks: number;
    }
  | {
      /** PBKDF1 of PKCS#5 v1.5, RFC 8018 5.1. */
      readonly kind: 'pbkdf1';
      readonly hash: string;
      readonly salt: Uint8Array;
      readonly iterations: number;
      /** Two where the initialization vector is derived as well: key and vector are computed one after the other. */
      readonly blocks: number;
    }
  | {
      /** RFC 8018 5.2. */
      readonly kind: 'pbkdf2';
      readonly hash: string;
      readonly salt: Uint8Array;
      readonly iterations: number;
      readonly blocks: number;
    }
  | {
      /** RFC 7914. */
      readonly kind: 'scrypt';
      readonly salt: Uint8Array;
      readonly cost: number;
      readonly blockSize: number;
      readonly parallelization: number;
    };

/** What the derived bytes are for; PKCS#12 derives different ones for each (RFC 7292 B.3). */
export type Purpose = 'key' | 'iv' | 'mac';

/** A password in the two forms that derivations take. */
export interface PasswordForm {
  /** UTF-16, big-endian, with two zero bytes at the end; empty for the absent password. For PKCS#12's own derivation. */
  readonly bmp: Uint8Array;
  /** For PBKDF1, PBKDF2 and scrypt. */
  readonly bytes: Uint8Array;
}

const pbkdf2 = promisify(crypto.pbkdf2);
const scrypt = promisify<crypto.BinaryLike, crypto.BinaryLike, number, crypto.ScryptOptions, Buffer>(crypto.scrypt);

/**
 * Derives `length` bytes. Native and off the main thread where Node has it, else in slices.
 * Check the cost with KdfBudget first. Rejects when this crypto library lacks the hash (see `hasHash`).
 */
export async function derive(
  kdf: Kdf,
  password: PasswordForm,
  length: number,
  purpose: Purpose,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  switch (kdf.kind) {
    case 'pkcs12':
      return pkcs12Kdf(kdf.hash, password.bmp, kdf.salt, kdf.iterations, purpose, length, signal);
    case 'pbkdf1': {
      const first = Buffer.concat([password.bytes, kdf.salt]);
      // Sixteen bytes in all: the key first, the initialization vector after it.
      const block = await iterate(kdf.hash, first, kdf.iterations, new Yielding(signal));
      return purpose === 'iv' ? block.subarray(8, 8 + length) : block.subarray(0, length);
    }
    case 'pbkdf2':
      return pbkdf2(password.bytes, kdf.salt, kdf.iterations, length, kdf.hash);
    case 'scrypt': {
      const { cost, blockSize, parallelization } = kdf;
      const maxmem = 128 * blockSize * (cost + parallelization) + 1024 * 1024;
      return scrypt(password.bytes, kdf.salt, length, { cost, blockSize, parallelization, maxmem });
    }
  }
}

/** Whether this crypto library can compute a hash. Asked by doing, since lists and errors differ between libraries. */
export function hasHash(name: string): boolean {
  try {
    crypto.createHash(name).update('').digest();
    return true;
  } catch {
    return false;
  }
}

/** Whether it can compute an HMAC with the hash: some libraries have hashes that they have no HMAC with. */
export function hasHmac(hash: string): boolean {
  try {
    crypto.createHmac(hash, '').update('').digest();
    return hasHash(hash);
  } catch {
    return false;
  }
}

/**
 * The forms a password may have had when the file was written, the likeliest first. Without a password: the empty one and
 * the absent one, which differ in PKCS#12. With letters beyond ASCII: as the standards say; with PBKDF2 over Latin-1
 * (node-forge and older tools) or UTF-16 (old NSS); as OpenSSL before 1.1 wrote it, each UTF-8 byte as a character.
 */
export function passwordForms(password: string | undefined): readonly [PasswordForm, ...PasswordForm[]] {
  const form = (text: string, bytes: Uint8Array): PasswordForm => ({ bmp: bmpString(text), bytes });
  if (password === undefined || password === '') {
    const nothing = new Uint8Array();
    return [form('', nothing), { bmp: nothing, bytes: nothing }];
  }
  const composed = password.normalize('NFC');
  const utf8 = Buffer.from(password, 'utf8');
  const forms: [PasswordForm, ...PasswordForm[]] = [form(password, utf8)];
  if (utf8.length === password.length) return forms;
  if (composed !== password) forms.push(form(composed, Buffer.from(composed, 'utf8')));
  forms.push(form(utf8.toString('latin1'), Buffer.from(composed, 'latin1')));
  return forms;
}

/** Those of the forms that differ for a derivation: PKCS#12's own takes other bytes than the rest. */
export function distinctForms(forms: readonly PasswordForm[], kdf: Kdf): PasswordForm[] {
  const distinct = new Map<string, PasswordForm>();
  for (const form of forms) {
    const secret = Buffer.from(kdf.kind === 'pkcs12' ? form.bmp : form.bytes).toString('hex');
    if (!distinct.has(secret)) distinct.set(secret, form);
  }
  return [...distinct.values()];
}

function bmpString(text: string): Uint8Array {
  return Buffer.from(`${text}\0`, 'utf16le').swap16();
}

/** Bytes that a hash takes in at a time: the `v` of RFC 7292 B.2. */
function hashBlockSize(hash: string): number {
  const sha3: Readonly<Record<string, number>> = { 'sha3-224': 144, 'sha3-256': 136, 'sha3-384': 104, 'sha3-512': 72 };
  return sha3[hash] ?? (/^(?:sha384|sha512|blake2b)/.test(hash) ? 128 : 64);
}

async function pkcs12Kdf(
  hash: string,
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  purpose: Purpose,
  length: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const v = hashBlockSize(hash);
  const diversifier = Buffer.alloc(v, { key: 1, iv: 2, mac: 3 }[purpose]);
  const filled = Buffer.concat([repeatTo(salt, v), repeatTo(password, v)]);
  const yielding = new Yielding(signal);
  const blocks: Uint8Array[] = [];
  for (let have = 0; have < length;) {
    const block = await iterate(hash, Buffer.concat([diversifier, filled]), iterations, yielding);
    blocks.push(block);
    have += block.length;
    if (have < length) addToEach(filled, repeatTo(block, v).subarray(0, v), v);
  }
  return Buffer.concat(blocks).subarray(0, length);
}

/** `hash(hash(...(first)))`, in slices. */
async function iterate(hash: string, first: Uint8Array, iterations: number, yielding: Yielding): Promise<Uint8Array> {
  const digest = digestOf(hash);
  let block = digest(first);
  const fast = rehashing(hash, block);
  if (fast !== undefined) {
    for (let i = 1; i < iterations; i += 1000) {
      fast.repeat(Math.min(1000, iterations - i));
      if (yielding.due) await yielding.pause();
    }
    return fast.value();
  }
  for (let i = 1; i < iterations; i++) {
    block = digest(block);
    if (i % 1000 === 0 && yielding.due) await yielding.pause();
  }
  return block;
}

/** One hash value a call; without an object for each where Node has `crypto.hash` (20.12, 21.7), which takes two thirds of the time. */
function digestOf(hash: string): (bytes: Uint8Array) => Buffer {
  const { hash: once } = crypto as Partial<Pick<typeof crypto, 'hash'>>;
  if (once === undefined) return (bytes) => crypto.createHash(hash).update(bytes).digest();
  return (bytes) => once(hash, bytes, 'buffer');
}

/** The bytes repeated until they fill a multiple of `v`; nothing stays nothing. */
function repeatTo(bytes: Uint8Array, v: number): Buffer {
  if (bytes.length === 0) return Buffer.alloc(0);
  return Buffer.alloc(v * Math.ceil(bytes.length / v), bytes);
}

/** Step 6C of RFC 7292 B.2: adds `block + 1` to each `v` bytes of `filled`, as big-endian numbers. */
function addToEach(filled: Buffer, block: Uint8Array, v: number): void {
  for (let start = 0; start < filled.length; start += v) {
    let carry = 1;
    for (let i = v - 1; i >= 0; i--) {
      carry += (filled[start + i] ?? 0) + (block[i] ?? 0);
      filled[start + i] = carry & 0xff;
      carry >>= 8;
    }
  }
}
