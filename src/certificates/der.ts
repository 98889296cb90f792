/**
 * Reading DER (and the BER that PKCS#12 files are allowed to use) with the positions kept, and the bridge to
 * node-forge's ASN.1 objects, which write it. forge's own reader hands out no positions, so nothing could be hashed
 * as it stands in the file, and it reads into strings, which is slow on big files.
 */
import asn1 from 'node-forge/lib/asn1.js';
import type { asn1 as forgeAsn1 } from 'node-forge';

/** The bytes are not what their structure says. Callers turn it into the expected error `damaged-file`. */
export class DerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DerError';
  }
}

/** One element. The arrays are views, not copies. */
export interface DerNode {
  /** First byte: class, constructed flag and number. */
  readonly tag: number;
  /** The element with its header (and end mark). */
  readonly bytes: Uint8Array;
  /** The element without its header. */
  readonly content: Uint8Array;
}

/** First bytes of the elements that certificate files use. */
export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
  set: 0x31,
  constructedOctetString: 0x24,
  /** Context-specific, constructed: `[n] EXPLICIT` or a constructed `[n] IMPLICIT`. */
  context: (number: number): number => 0xa0 | number,
  /** Context-specific, primitive. */
  contextPrimitive: (number: number): number => 0x80 | number,
} as const;

/** Real files nest below 20 levels and hold below a thousand elements in a row. */
const maxDepth = 40;
/** Elements that one call looks at, those included that it passes in search of an end mark: each level of a file is read by a call. */
const maxElements = 20_000;

/** Elements that a call may still look at. */
interface Allowance {
  left: number;
}

/** The element at the start of `bytes`; what follows it is ignored. Throws {@link DerError}. */
export function readDer(bytes: Uint8Array): DerNode {
  return readAt(bytes, 0, 0, { left: maxElements });
}

/** Like {@link readDer}, with a check of the tag. `what` names the element in the message. */
export function readDerAs(bytes: Uint8Array, tag: number, what: string): DerNode {
  const node = readDer(bytes);
  return expectTag(node, tag, what);
}

/** The elements inside a constructed element. Throws {@link DerError}. */
export function children(node: DerNode): DerNode[] {
  if ((node.tag & 0x20) === 0) throw new DerError('A primitive element has no parts.');
  return elements(node.content);
}

/** The elements that stand one after the other in `content`. Throws {@link DerError}. */
export function elements(content: Uint8Array): DerNode[] {
  return elementsWithin(content, { left: maxElements });
}

function elementsWithin(content: Uint8Array, allowance: Allowance): DerNode[] {
  const nodes: DerNode[] = [];
  for (let offset = 0; offset < content.length;) {
    const node = readAt(content, offset, 0, allowance);
    nodes.push(node);
    offset += node.bytes.length;
  }
  return nodes;
}

/** Returns the node when it is there and has the tag, else throws {@link DerError}. */
export function expectTag(node: DerNode | undefined, tag: number, what: string): DerNode {
  if (node?.tag !== tag) throw new DerError(`${what} is missing or of another type.`);
  return node;
}

/** Content of an OCTET STRING, the segments of a constructed one joined. */
export function octets(node: DerNode | undefined): Uint8Array {
  if (node === undefined) throw new DerError('An octet string is missing.');
  return (node.tag & 0x20) === 0 ? node.content : Buffer.concat(segments(node, 0, { left: maxElements }));
}

function segments(node: DerNode, depth: number, allowance: Allowance): Uint8Array[] {
  if ((node.tag & 0x20) === 0) return [node.content];
  if (depth > maxDepth) throw new DerError('The data is nested too deeply.');
  return elementsWithin(node.content, allowance).flatMap((part) => segments(part, depth + 1, allowance));
}

/** A non-negative INTEGER as a number; above 2^53 Infinity, which is above every limit. Throws on negative ones. */
export function smallInteger(node: DerNode | undefined): number {
  const { content } = expectTag(node, Tag.integer, 'An integer');
  if (content.length === 0 || (content[0] ?? 0) > 0x7f) throw new DerError('An integer is negative or empty.');
  if (content.length > 8) return Infinity;
  const value = content.reduce((sum, byte) => sum * 256 + byte, 0);
  return Number.isSafeInteger(value) ? value : Infinity;
}

/** Bits of a non-negative INTEGER, leading zeros not counted. */
export function bitLength(node: DerNode | undefined): number {
  const { content } = expectTag(node, Tag.integer, 'An integer');
  const first = content.findIndex((byte) => byte !== 0);
  if (first < 0) return 0;
  return (content.length - first) * 8 - Math.clz32(content[first] ?? 0) + 24;
}

/** Dotted form of an OBJECT IDENTIFIER. */
export function oidText(node: DerNode | undefined): string {
  return oidFromContent(expectTag(node, Tag.oid, 'An object identifier').content);
}

/** Dotted form of an object identifier's content. */
export function oidFromContent(content: Uint8Array): string {
  if (content.length === 0 || content.length > 64) throw new DerError('An object identifier is empty or too long.');
  const numbers: bigint[] = [];
  let value = 0n;
  for (const byte of content) {
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(value);
      value = 0n;
    }
  }
  const first = numbers.shift();
  if (first === undefined) throw new DerError('An object identifier is cut off.');
  const root = first < 40n ? 0n : first < 80n ? 1n : 2n;
  return [root, first - root * 40n, ...numbers].join('.');
}

/** Writes one element around parts that are DER (or raw content) already. */
export function writeDer(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  const length: number[] = [];
  for (let rest = content.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256);
  const header = content.length < 0x80 ? [tag, content.length] : [tag, 0x80 | length.length, ...length];
  return Buffer.concat([Uint8Array.from(header), content]);
}

/** DER of an OBJECT IDENTIFIER from its dotted form. */
export function oidDer(oid: string): Uint8Array {
  return writeDer(Tag.oid, fromBinaryString(asn1.oidToDer(oid).getBytes()));
}

/** Bytes of a node-forge ASN.1 object. */
export function toDer(node: forgeAsn1.Asn1): Uint8Array {
  return Buffer.from(asn1.toDer(node).getBytes(), 'binary');
}

/** A node-forge ASN.1 object from bytes that are known to be DER. */
export function toForge(der: Uint8Array): forgeAsn1.Asn1 {
  return asn1.fromDer(binaryString(der));
}

/** node-forge's form of bytes: one UTF-16 unit each. */
export function binaryString(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('binary');
}

/** Bytes from node-forge's form. */
export function fromBinaryString(text: string): Uint8Array {
  return Buffer.from(text, 'binary');
}

/** Standard base64 in lines of 64 columns, each with `\n`: the body of a PEM block. */
export function base64Lines(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  return text.replace(/.{1,64}/g, '$&\n');
}

/** A PEM block with a final newline. */
export function pemBlock(label: string, der: Uint8Array): string {
  return `-----BEGIN ${label}-----\n${base64Lines(der)}-----END ${label}-----\n`;
}

/** `bytes` as an array that is not a `Buffer`, and no view of a bigger one. */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes);
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function readAt(bytes: Uint8Array, offset: number, depth: number, allowance: Allowance): DerNode {
  if (allowance.left-- <= 0) throw new DerError('Too many elements.');
  const tag = bytes[offset];
  const firstLength = bytes[offset + 1];
  if (tag === undefined || firstLength === undefined) throw new DerError('The data ends early.');
  if ((tag & 0x1f) === 0x1f) throw new DerError('A tag number above 30 is not used in certificate files.');
  if (firstLength === 0x80) return readIndefinite(bytes, offset, tag, depth, allowance);
  let start = offset + 2;
  let length = firstLength;
  if (firstLength > 0x80) {
    const count = firstLength & 0x7f;
    if (count > 6) throw new DerError('A length is impossible.');
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[start + i] ?? 0);
    start += count;
  }
  const end = start + length;
  if (end > bytes.length) throw new DerError('The data ends early.');
  return { tag, bytes: bytes.subarray(offset, end), content: bytes.subarray(start, end) };
}

/** BER's "indefinite length": elements up to an end mark of two zero bytes. */
function readIndefinite(bytes: Uint8Array, offset: number, tag: number, depth: number, allowance: Allowance): DerNode {
  if ((tag & 0x20) === 0) throw new DerError('A primitive element needs a length.');
  if (depth > maxDepth) throw new DerError('The data is nested too deeply.');
  let position = offset + 2;
  while (bytes[position] !== 0 || bytes[position + 1] !== 0) {
    position += readAt(bytes, position, depth + 1, allowance).bytes.length;
  }
  return { tag, bytes: bytes.subarray(offset, position + 2), content: bytes.subarray(offset + 2, position) };
}
