/** Thumbprints: made from a certificate's DER as read, and read from whatever people paste. */
import { createHash } from 'node:crypto';

/** SHA-256 over the DER, upper-case hex, 64 digits. */
export function sha256Hex(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('hex').toUpperCase();
}

/** SHA-1 over the DER, upper-case hex, 40 digits. */
export function sha1Hex(der: Uint8Array): string {
  return createHash('sha1').update(der).digest('hex').toUpperCase();
}

/** A thumbprint as `x5t` and `x5t#S256` have it (RFC 7515, 4.1.7): base64url of the hash, no padding. */
export function thumbprintBase64Url(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64url');
}

/** What a pasted thumbprint turned out to be. */
export interface ReadThumbprint {
  /** Upper-case hex without separators: 40 digits (SHA-1) or 64 (SHA-256). */
  readonly hex: string;
  readonly algorithm: 'SHA-1' | 'SHA-256';
  /** How it was written. msal-node understands only `hex`. */
  readonly writtenAs: 'hex' | 'separated' | 'base64';
  /** Code points that cannot be seen, such as the U+200E that Windows' certificate dialog puts first; as `U+200E`. */
  readonly hiddenCharacters: readonly string[];
}

/**
 * Reads a thumbprint as people paste it: with colons, blanks or dashes, in either case, with hidden characters, with a
 * prefix such as `sha1 Fingerprint=`, or as base64 or base64url of the hash. Undefined when it is none of these.
 */
export function readThumbprint(pasted: string): ReadThumbprint | undefined {
  if (pasted.length > 1000) return undefined;
  const hidden = Array.from(pasted).filter(
    (character) => /[\p{Cf}\p{Co}\p{Cn}\p{Cc}\u00a0]/u.test(character) && !/\s/.test(character),
  );
  const visible = pasted.replace(/[\p{Cf}\p{Co}\p{Cn}\p{Cc}]/gu, (character) => (/\s/.test(character) ? ' ' : ''));
  const hiddenCharacters = [...new Set(hidden.map(codePointName))];
  const value = visible
    .trim()
    .replace(/^(?:x5t(?:#s256)?|sha-?(?:1|256)?)?\s*(?:finger|thumb)?print\s*[:=]\s*/i, '')
    .replace(/^["']|["']$/g, '');
  const bare = value.replace(/[\s:-]/g, '');
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(bare)) {
    const writtenAs = bare === value ? 'hex' : 'separated';
    return {
      hex: bare.toUpperCase(),
      algorithm: bare.length === 40 ? 'SHA-1' : 'SHA-256',
      writtenAs,
      hiddenCharacters,
    };
  }
  const encoded = value.replace(/\s/g, '').replace(/=+$/, '');
  if (/^(?:[\w+/-]{27}|[\w+/-]{43})$/.test(encoded)) {
    const bytes = Buffer.from(encoded, 'base64url');
    // The last character of 27 or 43 holds bits beyond the hash; they are zero in a real one.
    if (bytes.toString('base64url') === encoded.replace(/\+/g, '-').replace(/\//g, '_')) {
      const algorithm = bytes.length === 20 ? 'SHA-1' : 'SHA-256';
      return { hex: bytes.toString('hex').toUpperCase(), algorithm, writtenAs: 'base64', hiddenCharacters };
    }
  }
  return undefined;
}

function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
