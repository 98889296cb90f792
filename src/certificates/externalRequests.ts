/** What the two other ways to make a certificate, OpenSSL and PowerShell, have in common. */
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';
import { generatePassphrase } from './passphrases.ts';
import { parseSubject, type NameAttribute } from './subject.ts';
import type { ExternalRequest } from './types.ts';
import { checkedValidityDays } from './validity.ts';

export interface CheckedRequest {
  readonly subject: readonly NameAttribute[];
  readonly validityDays: number;
  readonly keySize: number;
  readonly passphrase: string;
}

/** Rejects with `subject-invalid`, `validity-invalid`, `key-size-invalid`, `passphrase-invalid`. */
export function checkedRequest(request: ExternalRequest): CheckedRequest {
  if (![2048, 3072, 4096].includes(request.keySize)) {
    throw new ExpectedError(
      'key-size-invalid',
      l10n.t('An RSA key of {0} bits is not made here. Choose 2048, 3072 or 4096.', String(request.keySize)),
    );
  }
  const passphrase = request.passphrase ?? generatePassphrase();
  // OpenSSL reads one line of at most 1,024 bytes, and at its prompt takes 4 characters or more.
  if (/\p{Cc}/u.test(passphrase) || Buffer.byteLength(passphrase) > 1000 || passphrase.length < 4) {
    throw new ExpectedError(
      'passphrase-invalid',
      l10n.t('The pass phrase cannot be used here. It needs 4 to 1000 characters in one line.'),
    );
  }
  return {
    subject: parseSubject(request.subject),
    validityDays: checkedValidityDays(request.validityDays),
    keySize: request.keySize,
    passphrase,
  };
}
