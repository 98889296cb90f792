/** Certificates out of a PKCS#7 file (`.p7b`, `.p7c`): SignedData without a signature, RFC 2315 section 9. */
import { children, elements, expectTag, oidText, readDer, Tag } from './der.ts';

/** The X.509 certificates in the order of the file. Throws DerError. */
export function pkcs7Certificates(bytes: Uint8Array): Uint8Array[] {
  const [type, wrapped] = children(readDer(bytes));
  oidText(type);
  const signedData = elements(expectTag(wrapped, Tag.context(0), 'The content').content)[0];
  const parts = children(expectTag(signedData, Tag.sequence, 'The signed data'));
  const set = parts.find((part) => part.tag === Tag.context(0));
  if (set === undefined) return [];
  // Other kinds of certificates have tags of their own.
  return elements(set.content)
    .filter((part) => part.tag === Tag.sequence)
    .map((part) => part.bytes);
}
