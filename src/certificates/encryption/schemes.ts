/** Password-based encryption schemes as AlgorithmIdentifiers describe them: PBES2, PKCS#12's own and PKCS#5 v1.5. */
import { children, DerError, expectTag, octets, oidText, smallInteger, Tag, type DerNode } from '../der.ts';
import { hashes, Oid } from '../oids.ts';
import type { Cipher } from './ciphers.ts';
import type { Kdf } from './kdf.ts';

export interface Scheme {
  readonly kdf: Kdf;
  readonly cipher: Cipher;
  /** Initialization vector as given; undefined when it is derived from the password like the key. */
  readonly iv: Uint8Array | undefined;
}

/** A scheme that is not known, by its name or identifier. */
export class SchemeUnknown extends Error {
  constructor(readonly algorithm: string) {
    super(`Unknown scheme ${algorithm}`);
  }
}

/** OBJECT IDENTIFIERs of pseudo-random functions of PBKDF2 and MACs of PBMAC1 (RFC 8018 B.1, NIST). */
const hmacs: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
  '1.2.840.113549.2.12': 'sha512-224',
  '1.2.840.113549.2.13': 'sha512-256',
  '1.2.840.113549.2.6': 'md5',
  '2.16.840.1.101.3.4.2.13': 'sha3-224',
  '2.16.840.1.101.3.4.2.14': 'sha3-256',
  '2.16.840.1.101.3.4.2.15': 'sha3-384',
  '2.16.840.1.101.3.4.2.16': 'sha3-512',
};

const native = (name: string, node: string, keyLength: number, ivLength = 16): Cipher => ({
  name,
  type: 'native',
  node,
  keyLength,
  ivLength,
});
const des: Cipher = { name: 'DES-CBC', type: 'des', keyLength: 8, ivLength: 8 };
const tripleDes: Cipher = { name: '3DES-CBC', type: 'tripleDes', keyLength: 24, ivLength: 8 };
const twoKeyTripleDes: Cipher = { name: '3DES-CBC with two keys', type: 'tripleDes', keyLength: 16, ivLength: 8 };
const rc2 = (bits: number, keyLength = bits / 8): Cipher => ({
  name: `RC2-${bits}-CBC`,
  type: 'rc2',
  keyLength,
  ivLength: 8,
  rc2Bits: bits,
});
const rc4 = (bits: number): Cipher => ({ name: `RC4-${bits}`, type: 'rc4', keyLength: bits / 8, ivLength: 0 });
/** Never decrypted, so that the size of its blocks is nobody’s concern: half of all data would not fit a wrong one. */
const unknown = (name: string): Cipher => ({ name, type: 'unknown', keyLength: 16, ivLength: 0 });

/** Ciphers of PBES2. Those that are `native` are there in Node; BoringSSL has AES and 3DES of them. */
const pbes2Ciphers: Readonly<Record<string, Cipher>> = {
  '2.16.840.1.101.3.4.1.2': native('AES-128-CBC', 'aes-128-cbc', 16),
  '2.16.840.1.101.3.4.1.22': native('AES-192-CBC', 'aes-192-cbc', 24),
  '2.16.840.1.101.3.4.1.42': native('AES-256-CBC', 'aes-256-cbc', 32),
  '1.2.840.113549.3.7': tripleDes,
  '1.3.14.3.2.7': des,
  '1.2.392.200011.61.1.1.1.2': native('Camellia-128-CBC', 'camellia-128-cbc', 16),
  '1.2.392.200011.61.1.1.1.3': native('Camellia-192-CBC', 'camellia-192-cbc', 24),
  '1.2.392.200011.61.1.1.1.4': native('Camellia-256-CBC', 'camellia-256-cbc', 32),
  '1.2.410.200046.1.1.2': native('ARIA-128-CBC', 'aria-128-cbc', 16),
  '1.2.410.200046.1.1.7': native('ARIA-192-CBC', 'aria-192-cbc', 24),
  '1.2.410.200046.1.1.12': native('ARIA-256-CBC', 'aria-256-cbc', 32),
  '1.2.410.200004.1.4': native('SEED-CBC', 'seed-cbc', 16),
  '1.2.156.10197.1.104.2': native('SM4-CBC', 'sm4-cbc', 16),
  '1.2.840.113533.7.66.10': unknown('CAST5-CBC'),
  '1.3.6.1.4.1.188.7.1.1.2': unknown('IDEA-CBC'),
  '1.3.6.1.4.1.3029.1.2': unknown('Blowfish-CBC'),
  '1.2.643.2.2.21': unknown('GOST 28147-89'),
};

/** PKCS#12's own schemes (RFC 7292 appendix C), all with SHA-1. */
const pkcs12Ciphers: Readonly<Record<string, Cipher>> = {
  '1.2.840.113549.1.12.1.1': rc4(128),
  '1.2.840.113549.1.12.1.2': rc4(40),
  '1.2.840.113549.1.12.1.3': tripleDes,
  '1.2.840.113549.1.12.1.4': twoKeyTripleDes,
  '1.2.840.113549.1.12.1.5': rc2(128),
  '1.2.840.113549.1.12.1.6': rc2(40),
};

/** PBES1 of PKCS#5 v1.5 (RFC 8018 A.3). */
const pbes1: Readonly<Record<string, { readonly hash: string; readonly cipher: Cipher }>> = {
  '1.2.840.113549.1.5.3': { hash: 'md5', cipher: des },
  '1.2.840.113549.1.5.6': { hash: 'md5', cipher: rc2(64) },
  '1.2.840.113549.1.5.10': { hash: 'sha1', cipher: des },
  '1.2.840.113549.1.5.11': { hash: 'sha1', cipher: rc2(64) },
};

/** Reads an encryption AlgorithmIdentifier. Throws DerError, or {@link SchemeUnknown} for what cannot be decrypted. */
export function readScheme(algorithm: DerNode | undefined): Scheme {
  const { oid, parameters } = readAlgorithm(algorithm);
  if (oid === Oid.pbes2) return readPbes2(parameters);
  const pkcs12 = pkcs12Ciphers[oid];
  if (pkcs12 !== undefined) {
    const { salt, iterations } = saltAndCount(parameters);
    // SHA-1 gives 20 bytes at a time; one more block is the initialization vector.
    const blocks = Math.ceil(pkcs12.keyLength / 20) + (pkcs12.ivLength > 0 ? 1 : 0);
    return { kdf: { kind: 'pkcs12', hash: 'sha1', salt, iterations, blocks }, cipher: pkcs12, iv: undefined };
  }
  const old = pbes1[oid];
  if (old === undefined) throw new SchemeUnknown(oid);
  const { salt, iterations } = saltAndCount(parameters);
  return { kdf: { kind: 'pbkdf1', hash: old.hash, salt, iterations, blocks: 2 }, cipher: old.cipher, iv: undefined };
}

/** Parameters of PBMAC1 (RFC 9579): derivation, length of the derived key, hash of the HMAC. */
export function readPbmac1(parameters: DerNode | undefined): { kdf: Kdf; keyLength: number; hash: string } {
  const [derivation, mac] = children(expectTag(parameters, Tag.sequence, 'The parameters of PBMAC1'));
  const { oid } = readAlgorithm(mac);
  const hash = hmacs[oid];
  if (hash === undefined) throw new SchemeUnknown(`PBMAC1, ${oid}`);
  const { kdf, keyLength } = readDerivation(derivation, undefined);
  // RFC 9579 section 5: the length must be given, and it must be at least 20 bytes in what is written.
  if (keyLength === undefined) throw new DerError('The key length of PBMAC1 is missing.');
  return { kdf, keyLength, hash };
}

/** Object identifier and parameters of an AlgorithmIdentifier. */
export function readAlgorithm(algorithm: DerNode | undefined): { oid: string; parameters: DerNode | undefined } {
  const [type, parameters] = children(expectTag(algorithm, Tag.sequence, 'An algorithm'));
  return { oid: oidText(type), parameters };
}

/** Name of a hash in Node's `crypto` for the identifier of a plain hash algorithm. */
export function hashOf(oid: string): string {
  const hash = hashes[oid];
  if (hash === undefined) throw new SchemeUnknown(oid);
  return hash.node;
}

function readPbes2(parameters: DerNode | undefined): Scheme {
  const [derivation, encryption] = children(expectTag(parameters, Tag.sequence, 'The parameters of PBES2'));
  const { oid, parameters: cipherParameters } = readAlgorithm(encryption);
  // RC2's parameters are a version that stands for the effective key length, and the vector (RFC 8018 B.2.3).
  if (oid === '1.2.840.113549.3.2') {
    const parts = children(expectTag(cipherParameters, Tag.sequence, 'The parameters of RC2'));
    const version = parts.length > 1 ? smallInteger(parts[0]) : 32;
    const bits = new Map([
      [160, 40],
      [120, 64],
      [58, 128],
    ]).get(version);
    if (bits === undefined) throw new SchemeUnknown('RC2');
    const { kdf, keyLength } = readDerivation(derivation, bits / 8);
    return { kdf, cipher: rc2(bits, keyLength ?? bits / 8), iv: octets(parts.at(-1)) };
  }
  const cipher = pbes2Ciphers[oid];
  if (cipher === undefined) throw new SchemeUnknown(`PBES2, ${oid}`);
  const { kdf } = readDerivation(derivation, cipher.keyLength);
  if (cipher.type === 'unknown') return { kdf, cipher, iv: new Uint8Array() };
  const iv = octets(expectTag(cipherParameters, Tag.octetString, 'The initialization vector'));
  if (iv.length !== cipher.ivLength) throw new DerError('The initialization vector has a wrong length.');
  return { kdf, cipher, iv };
}

function readDerivation(
  derivation: DerNode | undefined,
  needed: number | undefined,
): { kdf: Kdf; keyLength: number | undefined } {
  const { oid, parameters } = readAlgorithm(derivation);
  const [salt, ...rest] = children(expectTag(parameters, Tag.sequence, 'The parameters of a key derivation'));
  if (oid === Oid.scrypt) {
    const [cost, blockSize, parallelization, length] = rest;
    return {
      kdf: {
        kind: 'scrypt',
        salt: octets(salt),
        cost: smallInteger(cost),
        blockSize: smallInteger(blockSize),
        parallelization: smallInteger(parallelization),
      },
      keyLength: length === undefined ? undefined : keySize(smallInteger(length)),
    };
  }
  if (oid !== Oid.pbkdf2) throw new SchemeUnknown(oid);
  const iterations = smallInteger(rest[0]);
  const keyLength = rest[1]?.tag === Tag.integer ? keySize(smallInteger(rest[1])) : undefined;
  const prf = rest.find((part) => part.tag === Tag.sequence);
  const prfOid = prf === undefined ? '1.2.840.113549.2.7' : readAlgorithm(prf).oid;
  const hash = hmacs[prfOid];
  if (hash === undefined) throw new SchemeUnknown(`PBKDF2, ${prfOid}`);
  // A salt of another kind than bytes (`otherSource`) has no use so far.
  const bytes = octets(expectTag(salt, Tag.octetString, 'The salt'));
  const blocks = Math.ceil((needed ?? keyLength ?? 64) / hashSize(hash));
  return { kdf: { kind: 'pbkdf2', hash, salt: bytes, iterations, blocks }, keyLength };
}

/** Bytes of a hash value: PBKDF2 does all its iterations once for each such piece of a key. */
function hashSize(hash: string): number {
  return Number(/(?:224|256|384|512)$/.exec(hash)?.[0] ?? (hash === 'md5' ? 128 : 160)) / 8;
}

function keySize(length: number): number {
  if (length < 1 || length > 1024) throw new DerError('A key length is impossible.');
  return length;
}

/** PBEParameter and pkcs-12PbeParams: salt and iteration count. */
function saltAndCount(parameters: DerNode | undefined): { salt: Uint8Array; iterations: number } {
  const [salt, count] = children(expectTag(parameters, Tag.sequence, 'The parameters of the encryption'));
  return { salt: octets(salt), iterations: smallInteger(count) };
}
