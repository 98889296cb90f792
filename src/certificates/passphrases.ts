/** Pass phrases that are made, not typed. */
import { randomBytes } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const length = 24;

/** 24 random characters out of 62: log2(62) × 24 = 142 bits. Needs no quoting in `.env`, shells, JSON or URLs. */
export function generatePassphrase(): string {
  let passphrase = '';
  while (passphrase.length < length) {
    for (const byte of randomBytes(length * 2)) {
      // 248 is the largest multiple of 62 in a byte: higher ones would make the first characters more likely.
      if (byte < 248 && passphrase.length < length) passphrase += alphabet.charAt(byte % alphabet.length);
    }
  }
  return passphrase;
}
