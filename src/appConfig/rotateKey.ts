/** A new private key in the form that the app reads its old one in. */
import { createPrivateKey } from 'node:crypto';

/**
 * The new key as the value that `process.env` is to have: PEM text with real line ends where the old value has them, with `\n` for each
 * where it has those, DER as base64 where the old one is that, else the PEM text as base64 in one line.
 * @param old the value as dotenv hands it out
 * @param pem the new key, PKCS#8 PEM, not encrypted
 */
export function keyLike(old: string, pem: string): string {
  if (old.includes('-----BEGIN')) return /[\r\n]/.test(old.trim()) ? pem : pem.replaceAll('\n', '\\n');
  const bytes = Buffer.from(old, 'base64');
  if (bytes[0] !== sequence) return Buffer.from(pem).toString('base64');
  const type = isPkcs1(bytes) ? 'pkcs1' : 'pkcs8';
  return createPrivateKey(pem).export({ format: 'der', type }).toString('base64');
}

/** ASN.1 tags of RFC 5208 and RFC 8017: after its version number a PKCS#8 key has a sequence, a PKCS#1 key the modulus. */
const [sequence, integer] = [0x30, 0x02];

/** Of an RSA key, whose length always takes two bytes. */
function isPkcs1(der: Buffer): boolean {
  return der[4] === integer && der[7] === integer;
}
