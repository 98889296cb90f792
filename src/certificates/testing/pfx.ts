/** Builds PKCS#12 structures that openssl 3.0 cannot make: PBMAC1, odd bags, a key under another password, bombs. */
import { createHmac, pbkdf2Sync } from 'node:crypto';
import { oidDer, Tag, writeDer } from '../der.ts';
import { Oid } from '../oids.ts';

export const integer = (value: number): Uint8Array => {
  const hex = value.toString(16).padStart(2, '0');
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return writeDer(Tag.integer, (bytes[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes);
};
export const octetString = (bytes: Uint8Array): Uint8Array => writeDer(Tag.octetString, bytes);
export const sequence = (...parts: Uint8Array[]): Uint8Array => writeDer(Tag.sequence, ...parts);
export const explicit = (...parts: Uint8Array[]): Uint8Array => writeDer(Tag.context(0), ...parts);
const nothing = Uint8Array.of(Tag.null, 0);

export const bag = (oid: string, value: Uint8Array, ...attributes: Uint8Array[]): Uint8Array =>
  sequence(oidDer(oid), explicit(value), ...(attributes.length > 0 ? [writeDer(Tag.set, ...attributes)] : []));

export const certificateBag = (der: Uint8Array, ...attributes: Uint8Array[]): Uint8Array =>
  bag(Oid.certBag, sequence(oidDer(Oid.x509Certificate), explicit(octetString(der))), ...attributes);

export const localKeyId = (id: string): Uint8Array =>
  sequence(oidDer(Oid.localKeyId), writeDer(Tag.set, octetString(Buffer.from(id))));

/** A safe that is not encrypted. */
export const plainSafe = (...bags: Uint8Array[]): Uint8Array =>
  sequence(oidDer(Oid.pkcs7Data), explicit(octetString(sequence(...bags))));

/** AlgorithmIdentifier of PBKDF2 with HMAC of the given identifier's hash. */
export const pbkdf2 = (salt: Uint8Array, iterations: number, keyLength: number | undefined, prf: string): Uint8Array =>
  sequence(
    oidDer(Oid.pbkdf2),
    sequence(
      octetString(salt),
      integer(iterations),
      ...(keyLength === undefined ? [] : [integer(keyLength)]),
      sequence(oidDer(prf), nothing),
    ),
  );

export const hmacOid: Readonly<Record<string, string>> = {
  sha1: '1.2.840.113549.2.7',
  sha256: '1.2.840.113549.2.9',
  sha384: '1.2.840.113549.2.10',
  sha512: '1.2.840.113549.2.11',
};

/** MacData with PBMAC1 as RFC 9579 section 4 describes it. */
export function pbmac1(
  authenticated: Uint8Array,
  password: string,
  { prf = 'sha256', hash = 'sha256', keyLength = 32, writtenIterations = 2048 } = {},
): Uint8Array {
  const salt = Buffer.from('0102030405060708', 'hex');
  const key = pbkdf2Sync(Buffer.from(password), salt, 2048, keyLength, prf);
  const digest = createHmac(hash, key).update(authenticated).digest();
  const parameters = sequence(
    pbkdf2(salt, writtenIterations, keyLength, hmacOid[prf] ?? ''),
    sequence(oidDer(hmacOid[hash] ?? ''), nothing),
  );
  const algorithm = sequence(oidDer(Oid.pbmac1), parameters);
  // The salt and count of the old scheme are there for old readers only.
  return sequence(sequence(algorithm, octetString(digest)), octetString(Buffer.from('NOT USED')), integer(1));
}

/** A PFX around safes; `mac` gets the bytes that it is computed over. */
export function pfx(safes: readonly Uint8Array[], mac?: (authenticated: Uint8Array) => Uint8Array): Buffer {
  const authenticated = sequence(...safes);
  const content = sequence(oidDer(Oid.pkcs7Data), explicit(octetString(authenticated)));
  return Buffer.from(sequence(integer(3), content, ...(mac === undefined ? [] : [mac(authenticated)])));
}

/** Encryption as PBES2 with AES-256-CBC names it, around bytes that need not decrypt to anything. */
export const pbes2 = (kdf: Uint8Array): Uint8Array =>
  sequence(
    oidDer(Oid.pbes2),
    sequence(kdf, sequence(oidDer('2.16.840.1.101.3.4.1.42'), octetString(Buffer.alloc(16)))),
  );

export const scrypt = (cost: number, blockSize: number, parallelization: number): Uint8Array =>
  sequence(
    oidDer(Oid.scrypt),
    sequence(octetString(Buffer.alloc(16)), integer(cost), integer(blockSize), integer(parallelization)),
  );
