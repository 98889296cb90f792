/** Tells from its structure what a piece of DER is: labels and file extensions are often wrong. */
import { children, DerError, oidText, readDer, Tag, type DerNode } from './der.ts';
import { Oid } from './oids.ts';

export type DerKind =
  | 'certificate'
  | 'pkcs12'
  | 'pkcs7'
  | 'pkcs8'
  | 'encryptedPkcs8'
  | 'pkcs1'
  | 'sec1'
  | 'dsaKey'
  | 'publicKey'
  | 'request'
  | 'crl';

/** What the element at the start of `bytes` is, or undefined when it is nothing that this room knows. */
export function classifyDer(bytes: Uint8Array): DerKind | undefined {
  try {
    const node = readDer(bytes);
    return node.tag === Tag.sequence ? classifyParts(children(node)) : undefined;
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

/** Whether a file starts as DER does, complete or not: then a failure means damage. */
export function looksLikeDer(bytes: Uint8Array): boolean {
  if (bytes[0] !== Tag.sequence) return false;
  const length = bytes[1] ?? 0;
  // Text starting with "0" would go on with an ASCII character, which as a length is too short for any certificate.
  return length >= 0x80 && length <= 0x84 && (bytes[2] !== undefined || length === 0x80);
}

function classifyParts(parts: readonly DerNode[]): DerKind | undefined {
  const [first, second, third] = parts;
  switch (first?.tag) {
    case Tag.oid:
      return oidText(first) === Oid.pkcs7SignedData ? 'pkcs7' : undefined;
    case Tag.integer:
      return classifyVersioned(first, parts);
    case Tag.sequence:
      if (second?.tag === Tag.octetString && startsWithOid(first)) return 'encryptedPkcs8';
      if (second?.tag === Tag.bitString && startsWithOid(first)) return 'publicKey';
      if (second?.tag === Tag.sequence && third?.tag === Tag.bitString) return classifySigned(first);
      return undefined;
    default:
      return undefined;
  }
}

/** Structures that start with a version: PFX, PKCS#8, PKCS#1, SEC 1, OpenSSL's DSA keys. */
function classifyVersioned(version: DerNode, parts: readonly DerNode[]): DerKind | undefined {
  const second = parts[1];
  if (second?.tag === Tag.octetString) return 'sec1';
  if (second?.tag === Tag.integer) return parts.length === 6 ? 'dsaKey' : parts.length >= 9 ? 'pkcs1' : undefined;
  if (second?.tag !== Tag.sequence) return undefined;
  if (parts[2]?.tag === Tag.octetString) return 'pkcs8';
  return version.content[0] === 3 ? 'pkcs12' : undefined;
}

/** Certificate, request or revocation list: told apart by what comes first in the signed body. */
function classifySigned(body: DerNode): DerKind | undefined {
  const parts = children(body);
  if (parts[0]?.tag === Tag.context(0)) return 'certificate';
  const tags = parts.slice(0, 4).map((part) => part.tag);
  if (tags[0] === Tag.integer && tags[1] === Tag.sequence && tags[3] === Tag.context(0)) return 'request';
  // In version 1, and in revocation lists, a time follows the issuer where certificates have the validity.
  if (tags.includes(0x17) || tags.includes(0x18)) return 'crl';
  return parts.length >= 6 ? 'certificate' : undefined;
}

function startsWithOid(node: DerNode): boolean {
  return children(node)[0]?.tag === Tag.oid;
}
