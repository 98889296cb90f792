/** Text out of the bytes of a file, in the encodings that editors and Windows tools write. */

/** Decodes UTF-8 (with or without BOM) and UTF-16 (with BOM, or seen by its zero bytes); the BOM is not part of the text. */
export function decodeText(bytes: Uint8Array): string {
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe) return utf16(bytes.subarray(2), false);
  if (first === 0xfe && second === 0xff) return utf16(bytes.subarray(2), true);
  if (bytes.length >= 4 && first !== 0 && second === 0 && third !== 0 && bytes[3] === 0) return utf16(bytes, false);
  if (bytes.length >= 4 && first === 0 && second !== 0 && third === 0 && bytes[3] !== 0) return utf16(bytes, true);
  const start = first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0;
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start).toString('utf8');
}

/**
 * The bytes of a text that is base64 or base64url and nothing else, or undefined. White space, quotes around it and
 * line breaks written as `\n` do not matter.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  // Most texts are seen to be something else by their beginning.
  if (!/^[A-Za-z0-9+/_=\\\s"'-]*$/.test(text.slice(0, 1000))) return undefined;
  const compact = text.replace(/\\[rn]|[\s"']/g, '');
  if (compact.length < 4) return undefined;
  const padding = compact.endsWith('==') ? 2 : compact.endsWith('=') ? 1 : 0;
  const digits = compact.slice(0, compact.length - padding);
  // Looks for one that is none: a pattern for the whole would note every character of the text, more than V8 has room for.
  if (digits === '' || digits.length % 4 === 1 || /[^A-Za-z0-9+/_-]/.test(digits)) return undefined;
  return Buffer.from(compact, 'base64');
}

function utf16(bytes: Uint8Array, bigEndian: boolean): string {
  const copy = Buffer.from(bytes.subarray(0, bytes.length & ~1));
  return (bigEndian ? copy.swap16() : copy).toString('utf16le');
}
