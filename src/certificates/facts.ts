/** Reads a certificate: what a description of it says. */
import { X509Certificate } from 'node:crypto';
import { children, DerError, elements, expectTag, oidText, readDerAs, sameBytes, Tag, type DerNode } from './der.ts';
import { extensionFacts } from './extensions.ts';
import { nameText } from './names.ts';
import { hashes, Oid, signatureHashes } from './oids.ts';
import { publicKeyFacts } from './publicKeys.ts';
import { sha1Hex, sha256Hex } from './thumbprints.ts';
import type { CertificateFacts } from './types.ts';

/** The parts of a certificate that matter here (RFC 5280, 4.1). */
export interface CertificateParts {
  /** The certificate as it stands in the file, without what follows it. */
  readonly der: Uint8Array;
  readonly serialNumber: DerNode;
  readonly signatureAlgorithm: DerNode;
  readonly issuer: DerNode;
  readonly validity: DerNode;
  readonly subject: DerNode;
  readonly publicKey: DerNode;
  readonly extensions: DerNode | undefined;
}

/** Takes a certificate apart; bytes after it are ignored. Throws DerError when it is none. */
export function certificateParts(bytes: Uint8Array): CertificateParts {
  const certificate = readDerAs(bytes, Tag.sequence, 'A certificate');
  const [tbs, , signature] = children(certificate);
  expectTag(signature, Tag.bitString, 'The signature of a certificate');
  const parts = children(expectTag(tbs, Tag.sequence, 'The body of a certificate'));
  // The version is [0] EXPLICIT and absent in version 1.
  if (parts[0]?.tag === Tag.context(0)) parts.shift();
  const [serialNumber, signatureAlgorithm, issuer, validity, subject, publicKey, ...rest] = parts;
  const wrapped = rest.find((part) => part.tag === Tag.context(3));
  return {
    der: certificate.bytes,
    serialNumber: expectTag(serialNumber, Tag.integer, 'The serial number'),
    signatureAlgorithm: expectTag(signatureAlgorithm, Tag.sequence, 'The signature algorithm'),
    issuer: expectTag(issuer, Tag.sequence, 'The issuer'),
    validity: expectTag(validity, Tag.sequence, 'The validity'),
    subject: expectTag(subject, Tag.sequence, 'The subject'),
    publicKey: expectTag(publicKey, Tag.sequence, 'The public key'),
    extensions: wrapped === undefined ? undefined : elements(wrapped.content)[0],
  };
}

/**
 * Everything a description says about one certificate. The thumbprints are hashed over the bytes as read.
 * @param bytes DER; what follows the certificate is ignored
 * @throws DerError when the bytes are no certificate
 */
export function certificateFacts(bytes: Uint8Array): CertificateFacts {
  const parts = certificateParts(bytes);
  const [notBefore, notAfter] = children(parts.validity);
  return {
    subject: nameText(parts.subject),
    issuer: nameText(parts.issuer),
    serialNumber: serialText(parts.serialNumber),
    notBefore: timeText(notBefore),
    notAfter: timeText(notAfter),
    thumbprintSha256: sha256Hex(parts.der),
    thumbprintSha1: sha1Hex(parts.der),
    ...publicKeyFacts(parts.publicKey),
    selfSigned: isSelfSigned(parts),
    ...extensionFacts(parts.extensions),
    signatureHash: signatureHash(parts.signatureAlgorithm),
  };
}

/** Upper-case hex without leading zero bytes; a negative number has a minus sign. */
function serialText(node: DerNode): string {
  const value = BigInt(`0x${Buffer.from(node.content).toString('hex') || '0'}`);
  const signed = (node.content[0] ?? 0) > 0x7f ? value - (1n << BigInt(node.content.length * 8)) : value;
  const hex = (signed < 0n ? -signed : signed).toString(16).toUpperCase();
  return `${signed < 0n ? '-' : ''}${hex.length % 2 === 0 ? hex : `0${hex}`}`;
}

/** UTCTime or GeneralizedTime (RFC 5280, 4.1.2.5) as ISO 8601 in UTC. */
function timeText(node: DerNode | undefined): string {
  const text = node === undefined ? '' : Buffer.from(node.content).toString('latin1');
  const match = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(?:\.\d+)?(?:Z|([+-])(\d{2})(\d{2}))$/.exec(text);
  if (node === undefined || match === null || (match[1]?.length === 2) !== (node.tag === 0x17)) {
    throw new DerError('A date cannot be read.');
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part || 0));
  const fullYear = node.tag === 0x17 ? (year < 50 ? 2000 + year : 1900 + year) : year;
  if (month < 1 || month > 12 || day < 1 || day > daysIn(fullYear, month) || hour > 23 || minute > 59 || second > 59) {
    throw new DerError('A date does not exist.');
  }
  const offset = (match[7] === '-' ? -1 : 1) * (Number(match[8] ?? 0) * 60 + Number(match[9] ?? 0));
  const date = new Date(0);
  date.setUTCFullYear(fullYear, month - 1, day);
  date.setUTCHours(hour, minute - offset, second);
  return date.toISOString();
}

/** Days of a month from 1 to 12. */
function daysIn(year: number, month: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, 0);
  return date.getUTCDate();
}

/** Issued by itself: same name, and where the crypto library can tell, signed with its own key. */
function isSelfSigned(parts: CertificateParts): boolean {
  if (!sameBytes(parts.subject.bytes, parts.issuer.bytes)) return false;
  try {
    const certificate = new X509Certificate(parts.der);
    return certificate.verify(certificate.publicKey);
  } catch {
    // An algorithm that this library does not know (BoringSSL knows fewer): the name is what is left to go by.
    return true;
  }
}

/** Name of the hash the certificate was signed with, or the algorithm's identifier; empty for Ed25519, which has none. */
function signatureHash(algorithm: DerNode): string {
  const [type, parameters] = children(algorithm);
  const oid = oidText(type);
  if (oid !== Oid.rsaPss) return signatureHashes[oid] ?? (oid === Oid.ed25519 || oid === Oid.ed448 ? '' : oid);
  // RSASSA-PSS-params (RFC 8017, A.2.3): [0] the hash; absent means SHA-1.
  const hash =
    parameters?.tag === Tag.sequence ? children(parameters).find((part) => part.tag === Tag.context(0)) : undefined;
  if (hash === undefined) return 'SHA-1';
  const hashOid = oidText(children(elements(hash.content)[0] ?? hash)[0]);
  return hashes[hashOid]?.name ?? hashOid;
}
