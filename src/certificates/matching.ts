/** Which key belongs to which certificate: by their public keys, not by position or name. */
import { constants, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { bitLength, children, elements, expectTag, oidText, readDer, Tag, writeDer, type DerNode } from './der.ts';
import { attempt } from './errors.ts';
import { certificateParts } from './facts.ts';
import { rsaNumbersFit } from './keys/rsaNumbers.ts';
import { Oid } from './oids.ts';

const signAsync = promisify<string, Uint8Array, Parameters<typeof sign>[2], Buffer>(sign);

/** Bytes of a key on a curve, also where the curve is spelled out: bigger structures than any real one. */
const maxImportedKey = 4 * 1024;
/** Bits. The crypto library computes the public number of a DSA key when it imports it: g^x mod p. */
const maxDsaPrime = 4096;
const maxDsaExponent = 512;
const curveKeys = new Set<string>([Oid.ecPublicKey, Oid.ed25519, Oid.ed448, Oid.x25519, Oid.x448]);

/** Whether a private key belongs to a certificate; undefined when this crypto library cannot read the key. */
export function keyMatches(pkcs8: Uint8Array, certificateDer: Uint8Array): boolean | undefined {
  const own = privateKeyId(pkcs8);
  return own === undefined ? undefined : own === publicKeyId(certificateParts(certificateDer).publicKey);
}

/** What a SubjectPublicKeyInfo and the private key that belongs to it have in common, as a text that can be compared. */
export function publicKeyId(publicKey: DerNode): string {
  const rsaNumbers = rsaPublicNumbers(publicKey);
  if (rsaNumbers !== undefined) return idOf('rsa', rsaNumbers);
  return idOf('spki', isPlainCurve(publicKey) ? publicKey.bytes : (normalised(publicKey.bytes) ?? publicKey.bytes));
}

/** {@link publicKeyId} of a PKCS#8 key; undefined when this crypto library cannot read it. */
export function privateKeyId(pkcs8: Uint8Array): string | undefined {
  const rsaNumbers = rsaNumbersOfKey(pkcs8);
  if (rsaNumbers !== undefined) return idOf('rsa', rsaNumbers);
  if (!isQuickToImport(pkcs8)) return undefined;
  try {
    return idOf(
      'spki',
      spki(createPublicKey(createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }))),
    );
  } catch {
    return undefined;
  }
}

/**
 * An RSA key as PKCS#8 with the algorithm `rsaEncryption`. Keys of type RSA-PSS hold the same numbers under an algorithm
 * that BoringSSL does not import and that MSAL's signing library is choosy about.
 */
export function asPlainRsa(pkcs8: Uint8Array): Uint8Array {
  const [version, algorithm, key] = children(readDer(pkcs8));
  if (
    version === undefined ||
    key === undefined ||
    oidText(children(expectTag(algorithm, Tag.sequence, 'A key'))[0]) !== Oid.rsaPss
  ) {
    return pkcs8;
  }
  // SEQUENCE { OID 1.2.840.113549.1.1.1, NULL }
  const rsaEncryption = Buffer.from('300d06092a864886f70d0101010500', 'hex');
  return writeDer(Tag.sequence, version.bytes, rsaEncryption, key.bytes);
}

/**
 * Whether the numbers of the key fit each other, and what it signs is right for the certificate's public key: finds keys
 * whose public part is right and whose private part is damaged. For RSA only.
 */
export async function rsaKeyWorks(pkcs8: Uint8Array, certificateDer: Uint8Array): Promise<boolean> {
  if (rsaNumbersFit(pkcs8) !== true) return false;
  try {
    const data = Buffer.from('client certificate guide');
    const padding = constants.RSA_PKCS1_PADDING;
    const privateKey = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
    const signature = await signAsync('sha256', data, { key: privateKey, padding });
    const spkiBytes = Buffer.from(certificateParts(certificateDer).publicKey.bytes);
    return verify(
      'sha256',
      data,
      { key: createPublicKey({ key: spkiBytes, format: 'der', type: 'spki' }), padding },
      signature,
    );
  } catch {
    return false;
  }
}

function idOf(kind: string, bytes: Uint8Array): string {
  return `${kind} ${Buffer.from(bytes).toString('base64')}`;
}

/** Whether the crypto library can import a key without work that grows with what the file says. */
function isQuickToImport(pkcs8: Uint8Array): boolean {
  return (
    attempt(() => {
      const [, algorithm, key] = children(readDer(pkcs8));
      const [type, parameters] = children(expectTag(algorithm, Tag.sequence, 'An algorithm'));
      const oid = oidText(type);
      if (oid !== Oid.dsa) return curveKeys.has(oid) && pkcs8.length <= maxImportedKey;
      const [prime, ...rest] = children(expectTag(parameters, Tag.sequence, 'The numbers of a DSA key'));
      const exponent = readDer(expectTag(key, Tag.octetString, 'A private key').content);
      if (bitLength(exponent) > maxDsaExponent) return false;
      return [prime, ...rest].every((number) => bitLength(number) <= maxDsaPrime);
    }) ?? false
  );
}

/** False for curve points that are compressed and curves that are spelled out: those can be written in several ways. */
function isPlainCurve(publicKey: DerNode): boolean {
  return (
    attempt(() => {
      const [algorithm, bits] = children(publicKey);
      const [type, parameters] = children(expectTag(algorithm, Tag.sequence, 'An algorithm'));
      return oidText(type) !== Oid.ecPublicKey || (parameters?.tag === Tag.oid && bits?.content[1] === 4);
    }) ?? true
  );
}

function normalised(publicKey: Uint8Array): Uint8Array | undefined {
  if (publicKey.length > maxImportedKey) return undefined;
  try {
    return spki(createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' }));
  } catch {
    return undefined;
  }
}

function spki(key: KeyObject): Uint8Array {
  return key.export({ format: 'der', type: 'spki' });
}

/** Modulus and exponent of an RSA SubjectPublicKeyInfo as DER; undefined for other keys. */
function rsaPublicNumbers(publicKey: DerNode): Uint8Array | undefined {
  return attempt(() => {
    const [algorithm, bits] = children(publicKey);
    if (!isRsa(algorithm)) return undefined;
    const key = readDer(expectTag(bits, Tag.bitString, 'A public key').content.subarray(1));
    return numbers(children(key).slice(0, 2));
  });
}

function rsaNumbersOfKey(pkcs8: Uint8Array): Uint8Array | undefined {
  return attempt(() => {
    const [, algorithm, key] = children(readDer(pkcs8));
    if (!isRsa(algorithm)) return undefined;
    const rsaKey = elements(expectTag(key, Tag.octetString, 'A private key').content)[0];
    return numbers(children(expectTag(rsaKey, Tag.sequence, 'An RSA key')).slice(1, 3));
  });
}

function isRsa(algorithm: DerNode | undefined): boolean {
  const oid = oidText(children(expectTag(algorithm, Tag.sequence, 'An algorithm'))[0]);
  return oid === Oid.rsaEncryption || oid === Oid.rsaPss;
}

/** Two integers without leading zeros, so that sloppy encoders do not matter. */
function numbers(integers: readonly DerNode[]): Uint8Array {
  return writeDer(
    Tag.sequence,
    ...integers.map((integer) => {
      const { content } = expectTag(integer, Tag.integer, 'A number of a key');
      const first = content.findIndex((byte) => byte !== 0);
      return writeDer(Tag.integer, content.subarray(first < 0 ? content.length : first));
    }),
  );
}
