/** Joining the certificate that a CA answered with to the key that its request was made with. */
import * as l10n from '@vscode/l10n';
import { ExpectedError, isExpectedError } from '../base/errors.ts';
import { openCredential, openPrivateKey } from './credential.ts';
import type { CredentialMaterial } from './types.ts';

/**
 * Joins a CA's answer (certificate or chain in any order, as PEM, DER, base64 or PKCS#7) to the key of the request. Where
 * several certificates of the answer fit the key, it is the one that is valid longest.
 * Rejects with `key-does-not-match`, `no-certificate`, `not-signed-yet` when the answer is the request itself, and with
 * the codes of `openCredential` and `openPrivateKey`.
 * @param privateKey file with the key, PEM or DER
 * @param passphrase of the key, where it is encrypted
 */
export async function joinSigned(
  signed: Uint8Array,
  privateKey: Uint8Array,
  passphrase?: string,
): Promise<CredentialMaterial> {
  const key = { bytes: await openPrivateKey(privateKey, passphrase === undefined ? {} : { password: passphrase }) };
  try {
    return await openCredential(signed, {}, key);
  } catch (error) {
    if (!isExpectedError(error)) throw error;
    if (looksLikeRequest(error)) throw notSignedYet();
    const longest = error.code === 'several-certificates' ? firstThumbprint(error.details.data) : undefined;
    if (longest === undefined) throw error;
    return openCredential(signed, { thumbprintSha256: longest }, key);
  }
}

function looksLikeRequest({ code, details: { data } }: ExpectedError): boolean {
  return (
    code === 'not-a-certificate-file' &&
    typeof data === 'object' &&
    data !== null &&
    'looksLike' in data &&
    data.looksLike === 'request'
  );
}

/** Of the candidates that `several-certificates` carries, the one valid longest first. */
function firstThumbprint(data: unknown): string | undefined {
  const [first] = Array.isArray(data) ? (data as readonly unknown[]) : [];
  if (typeof first !== 'object' || first === null || !('thumbprintSha256' in first)) return undefined;
  return typeof first.thumbprintSha256 === 'string' ? first.thumbprintSha256 : undefined;
}

function notSignedYet(): ExpectedError {
  return new ExpectedError(
    'not-signed-yet',
    l10n.t(
      'This is the certificate request itself, which is not signed yet. Send it to your certificate authority, and choose the certificate that it answers with.',
    ),
  );
}
