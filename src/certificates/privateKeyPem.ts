/** Writing certificates and private keys as PEM. */
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';
import { pemBlock, toDer } from './der.ts';
import { octetString, sequence } from './derWriting.ts';
import { encryptPbes2 } from './pbes2.ts';

/** OWASP's number for PBKDF2-HMAC-SHA256. Node's own `KeyObject.export` writes 2,048. */
const iterations = 600_000;

/**
 * A private key as PKCS#8 PEM. With a pass phrase: PBES2, AES-256-CBC, PBKDF2-HMAC-SHA256 with 600,000 iterations and a
 * 16-byte salt, which OpenSSL, Node and BoringSSL open. An empty pass phrase is refused (`passphrase-empty`), since
 * OpenSSL takes none shorter than 4 characters at its prompt and the file would only look protected.
 * @param pkcs8 unencrypted PKCS#8 DER
 */
export async function privateKeyPem(pkcs8: Uint8Array, passphrase?: string): Promise<string> {
  if (passphrase === undefined) return pemBlock('PRIVATE KEY', pkcs8);
  if (passphrase === '') {
    throw new ExpectedError(
      'passphrase-empty',
      l10n.t('An empty pass phrase protects nothing. Type one, have one generated, or choose to have none.'),
    );
  }
  const encrypted = await encryptPbes2(pkcs8, passphrase, iterations);
  const der = toDer(sequence(encrypted.algorithm, octetString(encrypted.bytes)));
  return pemBlock('ENCRYPTED PRIVATE KEY', der);
}

/** A certificate as PEM: `-----BEGIN CERTIFICATE-----`, lines of 64 columns, a final newline. */
export function certificatePem(der: Uint8Array): string {
  return pemBlock('CERTIFICATE', der);
}
