/** Writing DER with node-forge: one short function for each type that certificates, requests, keys and PKCS#12 files need. */
import asn1 from 'node-forge/lib/asn1.js';
import type { asn1 as forgeAsn1 } from 'node-forge';
import { binaryString } from './der.ts';

/** A piece of a structure, not yet encoded. `toDer` of `der.ts` makes the bytes. */
export type Asn1 = forgeAsn1.Asn1;

const { Class, Type } = asn1;

export function sequence(...parts: readonly Asn1[]): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, [...parts]);
}

/** SET OF: DER wants the encodings in ascending order (X.690, 11.6). */
export function setOf(...parts: readonly Asn1[]): Asn1 {
  const encoded = parts.map((part) => ({ part, bytes: Buffer.from(asn1.toDer(part).getBytes(), 'binary') }));
  encoded.sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  return asn1.create(
    Class.UNIVERSAL,
    Type.SET,
    true,
    encoded.map(({ part }) => part),
  );
}

/** `[number]` around whole elements. */
export function explicit(number: number, ...parts: readonly Asn1[]): Asn1 {
  return asn1.create(Class.CONTEXT_SPECIFIC, tagNumber(number), true, [...parts]);
}

/** `[number] IMPLICIT` over the bytes of a string type. */
export function implicitBytes(number: number, bytes: Uint8Array): Asn1 {
  return asn1.create(Class.CONTEXT_SPECIFIC, tagNumber(number), false, binaryString(bytes));
}

export function objectId(dotted: string): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.OID, false, asn1.oidToDer(dotted).getBytes());
}

/** INTEGER of a small number that is not negative. */
export function integer(value: number): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.INTEGER, false, asn1.integerToDer(value).getBytes());
}

/** INTEGER of an unsigned big-endian number: as short as DER wants it, and positive. */
export function unsignedInteger(bytes: Uint8Array): Asn1 {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Uint8Array.of(0) : bytes.subarray(first);
  const positive = (digits[0] ?? 0) > 0x7f ? Buffer.concat([Uint8Array.of(0), digits]) : digits;
  return asn1.create(Class.UNIVERSAL, Type.INTEGER, false, binaryString(positive));
}

export function octetString(bytes: Uint8Array): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.OCTETSTRING, false, binaryString(bytes));
}

/** @param unusedBits number of bits at the end of the last byte that do not count */
export function bitString(bytes: Uint8Array, unusedBits = 0): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.BITSTRING, false, String.fromCharCode(unusedBits) + binaryString(bytes));
}

export function nullValue(): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.NULL, false, '');
}

export function booleanTrue(): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.BOOLEAN, false, '\u00ff');
}

export function utf8String(text: string): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.UTF8, false, binaryString(Buffer.from(text, 'utf8')));
}

/** PrintableString; the caller knows that the text has only its characters. */
export function printableString(text: string): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.PRINTABLESTRING, false, text);
}

/** IA5String: ASCII; the caller knows that the text is that. */
export function ia5String(text: string): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.IA5STRING, false, text);
}

/** BMPString: UTF-16, which is what JavaScript strings are. */
export function bmpString(text: string): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.BMPSTRING, false, text);
}

/** Time of a certificate: UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280, 4.1.2.5). Whole seconds. */
export function time(milliseconds: number): Asn1 {
  const date = new Date(milliseconds);
  return date.getUTCFullYear() < 2050
    ? asn1.create(Class.UNIVERSAL, Type.UTCTIME, false, asn1.dateToUtcTime(date))
    : asn1.create(Class.UNIVERSAL, Type.GENERALIZEDTIME, false, asn1.dateToGeneralizedTime(date));
}

function tagNumber(number: number): forgeAsn1.Type {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- forge takes the number of a context tag where its types know universal ones only
  const type: forgeAsn1.Type = number;
  return type;
}
