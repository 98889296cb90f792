/** Distinguished names as text, RFC 4514, and the string types inside them. */
import { children, DerError, expectTag, oidText, Tag, type DerNode } from './der.ts';
import { attributeNames } from './oids.ts';

/**
 * A Name (RFC 5280, 4.1.2.4) as text, most specific first: `CN=app, O=Contoso`. Values are escaped as RFC 4514 wants;
 * characters that cannot be seen or that turn the reading direction are escaped too, so that no name can pose as another.
 */
export function nameText(name: DerNode): string {
  return children(expectTag(name, Tag.sequence, 'A name'))
    .map((relative) =>
      children(expectTag(relative, Tag.set, 'A part of a name'))
        .map(attributeText)
        .join('+'),
    )
    .reverse()
    .join(', ');
}

/** Text of an ASN.1 string of any type, or undefined when it is not a string. */
export function stringText(node: DerNode): string | undefined {
  const bytes = Buffer.from(node.content);
  switch (node.tag) {
    case 0x0c: // UTF8String
      return bytes.toString('utf8');
    case 0x12: // NumericString
    case 0x13: // PrintableString
    case 0x16: // IA5String
    case 0x1a: // VisibleString
      return decodeLoose(bytes);
    case 0x14: // TeletexString: Latin-1 is what everybody writes
      return bytes.toString('latin1');
    case 0x1e: // BMPString
      return utf16(bytes);
    case 0x1c: // UniversalString
      return utf32(bytes);
    default:
      return undefined;
  }
}

function attributeText(attribute: DerNode): string {
  const [type, value] = children(expectTag(attribute, Tag.sequence, 'An attribute of a name'));
  if (value === undefined) throw new DerError('An attribute of a name has no value.');
  const oid = oidText(type);
  const name = attributeNames[oid];
  const text = name === undefined ? undefined : stringText(value);
  // RFC 4514, 2.4: dotted types and values that are no strings are written as their DER.
  return text === undefined
    ? `${name ?? oid}=#${Buffer.from(value.bytes).toString('hex')}`
    : `${name ?? oid}=${escapeValue(text)}`;
}

function escapeValue(text: string): string {
  return text
    .replace(/[\\",+;<>]/g, '\\$&')
    .replace(/^[ #]/, '\\$&')
    .replace(/(?<!\\) $/, '\\ ')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
      [...Buffer.from(character)].map((byte) => `\\${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
    );
}

/** ASCII by the rules, but some issuers put UTF-8 or Latin-1 into these types. */
function decodeLoose(bytes: Buffer): string {
  const utf8 = bytes.toString('utf8');
  return utf8.includes('\ufffd') ? bytes.toString('latin1') : utf8;
}

function utf16(bytes: Buffer): string {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le');
}

function utf32(bytes: Buffer): string {
  let text = '';
  for (let i = 0; i + 4 <= bytes.length; i += 4) {
    const point = bytes.readUInt32BE(i);
    text += point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
  }
  return text;
}
