/** Builds X.509 certificates and PKCS#10 requests with native signatures (RSA and EC). */
import { createHash, randomBytes, sign, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import {
  bitString,
  boolean,
  children,
  explicit,
  implicit,
  integer,
  nullValue,
  octetString,
  oid,
  readElement,
  sequence,
  setOf,
  time,
  utf8String,
} from './der.ts';
import { nameDer } from './names.ts';

/** Bit numbers of RFC 5280 4.2.1.3. */
export const keyUsageBits = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

export interface AlternativeNames {
  readonly dnsNames?: readonly string[];
  readonly emails?: readonly string[];
  readonly upns?: readonly string[];
  readonly uris?: readonly string[];
  readonly ipAddresses?: readonly string[];
}

export interface CertificateRequest {
  readonly subject: string;
  readonly publicKey: KeyObject;
  /** Whole seconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly extendedKeyUsage?: readonly string[];
  readonly keyUsage?: readonly string[];
  readonly alternativeNames?: AlternativeNames;
  readonly ca?: boolean;
  /** 16 bytes unless given. */
  readonly serialNumber?: Uint8Array;
}

export interface Issuer {
  readonly key: KeyObject;
  /** DER of the issuer's certificate; absent when the certificate signs itself. */
  readonly certificate?: Uint8Array;
}

const spki = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });

/** RFC 5280 4.2.1.2, method 1: SHA-1 over the bits of the public key. */
export function keyIdentifier(key: KeyObject): Buffer {
  const [, bits] = children(readElement(spki(key)).body);
  return createHash('sha1')
    .update((bits?.body ?? Buffer.alloc(1)).subarray(1))
    .digest();
}

const algorithm = (key: KeyObject): Buffer =>
  key.asymmetricKeyType === 'ec'
    ? sequence(oid('1.2.840.10045.4.3.2'))
    : sequence(oid('1.2.840.113549.1.1.11'), nullValue());

const signed = (body: Buffer, key: KeyObject): Buffer =>
  sequence(body, algorithm(key), bitString(sign('sha256', body, key)));

const extension = (type: string, value: Buffer, critical = false): Buffer =>
  sequence(oid(type), ...(critical ? [boolean(true)] : []), octetString(value));

/** A bit string of named bits, without trailing zero bits, as DER wants it. */
export function namedBits(names: readonly string[], all: readonly string[]): Buffer {
  const numbers = names.map((name) => all.indexOf(name)).filter((bit) => bit >= 0);
  if (numbers.length === 0) return bitString(Buffer.alloc(0));
  const last = Math.max(...numbers);
  const bytes = Buffer.alloc((last >> 3) + 1);
  for (const bit of numbers) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return bitString(bytes, 7 - (last & 7));
}

function alternativeNamesDer(names: AlternativeNames): Buffer | undefined {
  const entries = [
    ...(names.emails ?? []).map((value) => implicit(1, Buffer.from(value, 'latin1'))),
    ...(names.dnsNames ?? []).map((value) => implicit(2, Buffer.from(value, 'latin1'))),
    ...(names.uris ?? []).map((value) => implicit(6, Buffer.from(value, 'latin1'))),
    ...(names.ipAddresses ?? []).map((value) => implicit(7, addressBytes(value))),
    ...(names.upns ?? []).map((value) => explicit(0, oid('1.3.6.1.4.1.311.20.2.3'), explicit(0, utf8String(value)))),
  ];
  return entries.length === 0 ? undefined : sequence(...entries);
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const groups = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)));
  const first = groups(head);
  const last = tail === undefined ? [] : groups(tail);
  const all = [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

function extensionsOf(request: Omit<CertificateRequest, 'notBefore' | 'notAfter'>): Buffer[] {
  const names = alternativeNamesDer(request.alternativeNames ?? {});
  const usages = request.extendedKeyUsage ?? [];
  return [
    ...(request.keyUsage === undefined || request.keyUsage.length === 0
      ? []
      : [extension('2.5.29.15', namedBits(request.keyUsage, keyUsageBits), true)]),
    extension('2.5.29.19', sequence(...(request.ca === true ? [boolean(true)] : [])), request.ca === true),
    ...(usages.length === 0 ? [] : [extension('2.5.29.37', sequence(...usages.map(oid)))]),
    ...(names === undefined ? [] : [extension('2.5.29.17', names)]),
  ];
}

/**
 * A version 3 certificate, signed with SHA-256. Its extensions are the ones of Key Vault's own certificates: key
 * usage (critical), basic constraints, EKU, names, authority and subject key identifier.
 */
export function makeCertificate(request: CertificateRequest, issuer: Issuer): Buffer {
  const parent = issuer.certificate === undefined ? undefined : readCertificate(Buffer.from(issuer.certificate));
  const serial = request.serialNumber ?? randomBytes(16);
  const positive = Buffer.from(serial);
  positive[0] = ((positive[0] ?? 0) & 0x7f) | 0x40;
  const own = keyIdentifier(request.publicKey);
  const authority = parent?.subjectKeyIdentifier ?? own;
  const body = sequence(
    explicit(0, integer(2)),
    integer(positive),
    algorithm(issuer.key),
    parent?.subject ?? nameDer(request.subject),
    sequence(time(request.notBefore), time(request.notAfter)),
    nameDer(request.subject),
    spki(request.publicKey),
    explicit(
      3,
      sequence(
        ...extensionsOf(request),
        extension('2.5.29.35', sequence(implicit(0, authority))),
        extension('2.5.29.14', octetString(own)),
      ),
    ),
  );
  return signed(body, issuer.key);
}

/** A PKCS#10 request for the key, with the extensions asked for. */
export function makeRequest(request: Omit<CertificateRequest, 'notBefore' | 'notAfter'>, key: KeyObject): Buffer {
  const asked = setOf(sequence(...extensionsOf(request)));
  const body = sequence(
    integer(0),
    nameDer(request.subject),
    spki(request.publicKey),
    explicit(0, sequence(oid('1.2.840.113549.1.9.14'), asked)),
  );
  return signed(body, key);
}

/** What Node's X509Certificate does not give: the names as DER and the subject key identifier. */
function readCertificate(der: Buffer): { subject: Buffer; subjectKeyIdentifier: Buffer } {
  const body = children(children(readElement(der).body)[0]?.body ?? Buffer.alloc(0));
  return {
    subject: body[5]?.raw ?? Buffer.alloc(0),
    subjectKeyIdentifier: keyIdentifier(new X509Certificate(der).publicKey),
  };
}

/** `-----BEGIN label-----` with 64 columns and a final newline. */
export function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** Upper-case hex without separators. */
export const thumbprint = (der: Uint8Array, hash: 'sha1' | 'sha256'): string =>
  createHash(hash).update(der).digest('hex').toUpperCase();
