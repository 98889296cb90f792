/** Whether the numbers of an RSA key fit each other. A crypto library signs with a damaged key as long as the half it uses is whole. */
import { attempt } from '../errors.ts';
import { children, elements, expectTag, oidText, readDer, Tag, type DerNode } from '../der.ts';
import { Oid } from '../oids.ts';

/** Bytes of one number: 16,384 bits and a sign, the most that OpenSSL works with. Keeps every division below short. */
const longestNumber = 2049;
/** OpenSSL makes and takes up to five primes. */
const maxFurtherPrimes = 3;

interface Prime {
  readonly prime: bigint;
  /** d mod (prime − 1). */
  readonly exponent: bigint;
  /** Inverse of the product of the primes that count before this one; 1 for the first. */
  readonly coefficient: bigint;
}

/**
 * Undefined for keys that are not RSA. The conditions are those of RFC 8017, 3.2: what `openssl pkey -check` looks at, but for
 * whether the primes are primes. Holds for keys with more than two primes as well.
 */
export function rsaNumbersFit(pkcs8: Uint8Array): boolean | undefined {
  const key = attempt(() => rsaPrivateKey(pkcs8));
  if (key === undefined) return undefined;
  return attempt(() => fit(children(key))) ?? false;
}

function rsaPrivateKey(pkcs8: Uint8Array): DerNode | undefined {
  const [, algorithm, key] = children(readDer(pkcs8));
  const oid = oidText(children(expectTag(algorithm, Tag.sequence, 'An algorithm'))[0]);
  if (oid !== Oid.rsaEncryption && oid !== Oid.rsaPss) return undefined;
  return elements(expectTag(key, Tag.octetString, 'A private key').content)[0];
}

/** The parts of an RSAPrivateKey (RFC 8017, A.1.2). */
function fit(parts: readonly DerNode[]): boolean {
  const numbers = parts.slice(1, 9).map(positive);
  const further = parts[9] === undefined ? [] : children(expectTag(parts[9], Tag.sequence, 'Further primes'));
  const [n, e, d, p, q, dp, dq, qInverse] = numbers;
  if (n === undefined || e === undefined || d === undefined || p === undefined || q === undefined) return false;
  if (dp === undefined || dq === undefined || qInverse === undefined || further.length > maxFurtherPrimes) return false;
  const primes: Prime[] = [
    { prime: q, exponent: dq, coefficient: 1n },
    { prime: p, exponent: dp, coefficient: qInverse },
  ];
  for (const one of further) {
    const [prime, exponent, coefficient] = children(one).map(positive);
    if (prime === undefined || exponent === undefined || coefficient === undefined) return false;
    primes.push({ prime, exponent, coefficient });
  }
  let product = 1n;
  for (const { prime, exponent, coefficient } of primes) {
    const order = prime - 1n;
    if (order < 1n || (coefficient * product) % prime !== 1n) return false;
    if ((d - exponent) % order !== 0n || (e * exponent) % order !== 1n) return false;
    product *= prime;
  }
  return product === n;
}

/** Undefined when it is longer than any key's. */
function positive(node: DerNode): bigint | undefined {
  const { content } = expectTag(node, Tag.integer, 'A number of a key');
  if (content.length === 0 || content.length > longestNumber) return undefined;
  return BigInt(`0x${Buffer.from(content).toString('hex')}`);
}
