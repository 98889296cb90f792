/** The little of DER (X.690) that making certificates, requests and PKCS#12 files needs. */

/** One element: tag, then length, then the contents joined. */
export function element(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

export const sequence = (...contents: readonly Uint8Array[]): Buffer => element(0x30, ...contents);
export const setOf = (...contents: readonly Uint8Array[]): Buffer => element(0x31, ...contents);
export const octetString = (bytes: Uint8Array): Buffer => element(0x04, bytes);
export const nullValue = (): Buffer => Buffer.from([0x05, 0]);
export const boolean = (value: boolean): Buffer => Buffer.from([0x01, 1, value ? 0xff : 0]);
export const utf8String = (text: string): Buffer => element(0x0c, Buffer.from(text, 'utf8'));
export const printableString = (text: string): Buffer => element(0x13, Buffer.from(text, 'latin1'));
export const ia5String = (text: string): Buffer => element(0x16, Buffer.from(text, 'latin1'));
/** `[number]` that wraps other elements. */
export const explicit = (number: number, ...contents: readonly Uint8Array[]): Buffer =>
  element(0xa0 | number, ...contents);
/** `[number]` in place of a primitive tag. */
export const implicit = (number: number, bytes: Uint8Array): Buffer => element(0x80 | number, bytes);

/** A bit string whose last byte has `unused` bits that do not count. */
export const bitString = (bytes: Uint8Array, unused = 0): Buffer => element(0x03, Buffer.from([unused]), bytes);

/** A non-negative integer from its big-endian bytes or from a small number. */
export function integer(value: number | Uint8Array): Buffer {
  let bytes =
    typeof value === 'number'
      ? Buffer.from(
          value.toString(16).padStart(value.toString(16).length + (value.toString(16).length % 2), '0'),
          'hex',
        )
      : Buffer.from(value);
  while (bytes.length > 1 && bytes[0] === 0) bytes = bytes.subarray(1);
  return element(0x02, ((bytes[0] ?? 0) & 0x80) === 0 ? bytes : Buffer.concat([Buffer.from([0]), bytes]));
}

/** An object identifier from its dotted form. */
export function oid(dotted: string): Buffer {
  const parts = dotted.split('.').map(Number);
  const bytes: number[] = [];
  for (const part of [(parts[0] ?? 0) * 40 + (parts[1] ?? 0), ...parts.slice(2)]) {
    const digits = [part % 128];
    for (let rest = Math.floor(part / 128); rest > 0; rest = Math.floor(rest / 128))
      digits.unshift((rest % 128) | 0x80);
    bytes.push(...digits);
  }
  return element(0x06, Buffer.from(bytes));
}

/** RFC 5280 4.1.2.5: UTCTime up to 2049, GeneralizedTime after; whole seconds. */
export function time(seconds: number): Buffer {
  const text = new Date(seconds * 1000).toISOString().replace(/[-:T]|\.\d+/g, '');
  return Number(text.slice(0, 4)) < 2050
    ? element(0x17, Buffer.from(text.slice(2), 'latin1'))
    : element(0x18, Buffer.from(text, 'latin1'));
}

/** An element as read: `raw` is the whole of it, `body` its contents. */
export interface DerNode {
  readonly tag: number;
  readonly raw: Buffer;
  readonly body: Buffer;
}

/** Reads the element at `offset`; throws RangeError when the bytes end before it does. */
export function readElement(bytes: Buffer, offset = 0): DerNode {
  const tag = bytes.readUInt8(offset);
  let length = bytes.readUInt8(offset + 1);
  let start = offset + 2;
  if (length > 0x80) {
    const count = length & 0x7f;
    length = bytes.readUIntBE(start, count);
    start += count;
  }
  if (start + length > bytes.length) throw new RangeError('The DER element is longer than its bytes.');
  return { tag, raw: bytes.subarray(offset, start + length), body: bytes.subarray(start, start + length) };
}

/** The elements inside a constructed element. */
export function children(body: Buffer): DerNode[] {
  const nodes: DerNode[] = [];
  for (let offset = 0; offset < body.length;) {
    const node = readElement(body, offset);
    nodes.push(node);
    offset += node.raw.length;
  }
  return nodes;
}

/** The dotted form of an object identifier's contents. */
export function oidText(body: Buffer): string {
  const parts: number[] = [];
  let value = 0;
  for (const byte of body) {
    value = value * 128 + (byte & 0x7f);
    if ((byte & 0x80) === 0) {
      parts.push(value);
      value = 0;
    }
  }
  const first = parts[0] ?? 0;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...parts.slice(1)].join('.');
}
