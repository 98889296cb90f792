/** What a SubjectPublicKeyInfo or a PrivateKeyInfo says about its key, read from the structure, not by the crypto library. */
import { bitLength, children, DerError, expectTag, oidText, readDer, Tag, type DerNode } from './der.ts';
import { curveBits, Oid } from './oids.ts';
import type { KeyAlgorithm } from './types.ts';

export interface KeyFacts {
  readonly keyAlgorithm: KeyAlgorithm;
  /** Bits of the RSA modulus, the DSA prime or the curve; 0 when unknown. */
  readonly keySize: number;
}

const fixedSizes: Readonly<Record<string, KeyFacts>> = {
  [Oid.ed25519]: { keyAlgorithm: 'Ed25519', keySize: 256 },
  [Oid.ed448]: { keyAlgorithm: 'Ed448', keySize: 456 },
  [Oid.x25519]: { keyAlgorithm: 'X25519', keySize: 256 },
};

/** Algorithm and size of a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7). Throws DerError. */
export function publicKeyFacts(subjectPublicKeyInfo: DerNode): KeyFacts {
  const [algorithm, key] = children(expectTag(subjectPublicKeyInfo, Tag.sequence, 'A public key'));
  return keyFacts(algorithm, () => {
    // A BIT STRING starts with the number of unused bits; the RSA modulus is the first of two integers.
    const bits = expectTag(key, Tag.bitString, 'A public key').content.subarray(1);
    return bitLength(children(readDer(bits))[0]);
  });
}

/** Algorithm and size of a PrivateKeyInfo (PKCS#8, RFC 5958). Throws DerError. */
export function privateKeyFacts(pkcs8: Uint8Array): KeyFacts {
  const [, algorithm, key] = children(readDer(pkcs8));
  return keyFacts(algorithm, () => {
    // RSAPrivateKey (RFC 8017, A.1.2): version, modulus, ...
    return bitLength(children(readDer(expectTag(key, Tag.octetString, 'A private key').content))[1]);
  });
}

function keyFacts(algorithm: DerNode | undefined, rsaBits: () => number): KeyFacts {
  if (algorithm === undefined) throw new DerError('A key has no algorithm.');
  const [type, parameters] = children(algorithm);
  const oid = oidText(type);
  if (oid === Oid.rsaEncryption) return { keyAlgorithm: 'RSA', keySize: rsaBits() };
  if (oid === Oid.rsaPss) return { keyAlgorithm: 'RSA-PSS', keySize: rsaBits() };
  if (oid === Oid.ecPublicKey) return { keyAlgorithm: 'EC', keySize: curveSize(parameters) };
  if (oid === Oid.dsa) {
    return { keyAlgorithm: 'DSA', keySize: parameters?.tag === Tag.sequence ? bitLength(children(parameters)[0]) : 0 };
  }
  return fixedSizes[oid] ?? { keyAlgorithm: 'unknown', keySize: 0 };
}

/** Bits of a curve that is named, or described by its field (RFC 3279, 2.3.5). */
function curveSize(parameters: DerNode | undefined): number {
  if (parameters?.tag === Tag.oid) return curveBits[oidText(parameters)] ?? 0;
  if (parameters?.tag !== Tag.sequence) return 0;
  const field = children(parameters)[1];
  const prime = field?.tag === Tag.sequence ? children(field)[1] : undefined;
  return prime?.tag === Tag.integer ? bitLength(prime) : 0;
}
