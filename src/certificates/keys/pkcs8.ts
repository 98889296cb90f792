/** Private keys in any structure, as PKCS#8 (RFC 5958), which is what Node and Key Vault take. */
import { classifyDer, type DerKind } from '../classify.ts';
import { bitLength, children, DerError, elements, expectTag, oidDer, readDer, Tag, writeDer } from '../der.ts';
import { Oid } from '../oids.ts';

const version0 = Uint8Array.of(Tag.integer, 1, 0);
const nullDer = Uint8Array.of(Tag.null, 0);

/**
 * Unencrypted PKCS#8 from the DER of a private key: PKCS#8 itself, PKCS#1 (RSA), SEC 1 (EC) or OpenSSL's DSA form; what
 * follows the key is cut off. Undefined when the bytes are no private key. Throws DerError for one that is damaged.
 */
export function toPkcs8(der: Uint8Array, kind: DerKind | undefined = classifyDer(der)): Uint8Array | undefined {
  switch (kind) {
    case 'pkcs8':
      return checked(readDer(der).bytes);
    case 'pkcs1':
      return checked(wrap(writeDer(Tag.sequence, oidDer(Oid.rsaEncryption), nullDer), readDer(der).bytes));
    case 'sec1':
      return checked(fromSec1(der));
    case 'dsaKey':
      return fromDsa(der);
    default:
      return undefined;
  }
}

function wrap(algorithm: Uint8Array, key: Uint8Array): Uint8Array {
  return writeDer(Tag.sequence, version0, algorithm, writeDer(Tag.octetString, key));
}

/** ECPrivateKey (RFC 5915) names its curve in [0]; without that it can only be used beside its EC PARAMETERS. */
function fromSec1(der: Uint8Array): Uint8Array {
  const key = readDer(der);
  const parameters = children(key).find((part) => part.tag === Tag.context(0));
  if (parameters === undefined) throw new DerError('The key does not name its curve.');
  return wrap(writeDer(Tag.sequence, oidDer(Oid.ecPublicKey), parameters.content), key.bytes);
}

/** OpenSSL's DSA form: version, p, q, g, public and private value. */
function fromDsa(der: Uint8Array): Uint8Array {
  const [, p, q, g, , x] = children(readDer(der)).map((part) => part.bytes);
  if (p === undefined || q === undefined || g === undefined || x === undefined) throw new DerError('A DSA key is cut.');
  return wrap(writeDer(Tag.sequence, oidDer(Oid.dsa), writeDer(Tag.sequence, p, q, g)), x);
}

/** A wrong password leaves noise that can look like PKCS#8 from outside: an RSA key must have its parts. */
function checked(pkcs8: Uint8Array): Uint8Array {
  const [version, algorithm, key] = children(readDer(pkcs8));
  expectTag(version, Tag.integer, 'The version of a key');
  const oid = expectTag(
    children(expectTag(algorithm, Tag.sequence, 'The algorithm of a key'))[0],
    Tag.oid,
    'The algorithm',
  );
  const { content } = expectTag(key, Tag.octetString, 'A private key');
  const isRsa = [Oid.rsaEncryption, Oid.rsaPss].some((known) => Buffer.compare(oidDer(known), oid.bytes) === 0);
  if (isRsa) {
    const numbers = children(expectTag(elements(content)[0], Tag.sequence, 'An RSA key'));
    if (numbers.length < 9) throw new DerError('An RSA key is incomplete.');
    for (const number of numbers.slice(0, 9)) bitLength(number);
  }
  return pkcs8;
}
