/** Whether bytes or a text are a private key to `createPrivateKey`, on which Node and MSAL rely. Our own reader of keys forgives more. */
import { createPrivateKey } from 'node:crypto';

/**
 * `newlines`: PEM whose line ends got lost; `layout`: PEM with something before its BEGIN or in its lines that is not part of it; `base64`:
 * base64 where PEM is expected; `der`: binary where PEM is expected; `pkcs12`: a PFX file; `pem`: PEM where base64 or binary is
 * expected; `path`: a file's path; `certificate`: a certificate without a key; `other`: none of these.
 */
export type KeyTextProblem =
  'newlines' | 'layout' | 'base64' | 'der' | 'pkcs12' | 'pem' | 'path' | 'certificate' | 'other';

/** The text as code makes it that turns each `\n` of two characters into a line end. */
export const withLineEnds = (text: string): string => text.replaceAll('\\n', '\n');

/** What a text looks like that is no key in PEM form (facts/failure-modes.md F16, F18); undefined for one that may be. */
export function keyTextProblem(text: string): KeyTextProblem | undefined {
  if (text.includes('-----BEGIN')) {
    if (!/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text)) return 'certificate';
    return /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[ \t]*\r?\n/.test(text) ? undefined : 'newlines';
  }
  if (text.length < 300 && /^(?:[~.]?[\\/]|[a-z]:\\)|\.(?:pem|key|pfx|p12|crt|cer|der)$/i.test(text.trim()))
    return 'path';
  return /^[\w+/=\s-]{100,}$/.test(text) ? 'base64' : 'other';
}

/** What keeps `createPrivateKey` from taking these bytes in this format; undefined where nothing does but a pass phrase. */
export function keyBytesProblem(bytes: Uint8Array, format: 'pem' | 'der'): KeyTextProblem | undefined {
  const isBinary = bytes[0] === sequence;
  if (isBinary && isPkcs12(bytes)) return 'pkcs12';
  if (format === 'der') {
    if (isBinary) return undefined;
    return Buffer.from(bytes).includes('-----BEGIN') ? 'pem' : 'other';
  }
  if (isBinary) return 'der';
  const problem = keyTextProblem(Buffer.from(bytes).toString('utf8'));
  return problem ?? (isTaken(bytes) ? undefined : 'layout');
}

/**
 * Asked without a pass phrase, so that no key is derived however long that would take. What only a library lacks (BoringSSL in VS Code
 * for the desktop knows neither scrypt nor RSA-PSS) is no mistake of the text; neither is a byte order mark, which only BoringSSL minds.
 */
function isTaken(bytes: Uint8Array): boolean {
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  try {
    createPrivateKey(Buffer.from(isMarked ? bytes.subarray(3) : bytes));
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return !/^ERR_OSSL_(?:UNSUPPORTED$|PEM_)/.test(code);
  }
}

/** ASN.1 tags. */
const [sequence, integer] = [0x30, 0x02];

/** RFC 7292: a sequence that begins with version 3; that of a private key is 0 or 1. */
function isPkcs12(der: Uint8Array): boolean {
  const length = der[1] ?? 0;
  const start = 2 + (length > 0x80 ? length & 0x7f : 0);
  return der[start] === integer && der[start + 1] === 1 && der[start + 2] === 3;
}
