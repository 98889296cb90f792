/** The public certificate that is to be sent, looked at once more right before it leaves (design, rules 2 and 7). */
import { X509Certificate } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { expected } from '../vaults/serviceError.ts';
import { notPublic } from './errors.ts';
import { hexOf } from './parsing.ts';

export interface PublicCertificate {
  readonly der: Uint8Array;
  /** Upper-case hex. */
  readonly sha256: string;
  readonly sha1: string;
  /** On one line, most specific part first; empty where the certificate names nobody. */
  readonly subject: string;
  /** Milliseconds. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly selfIssued: boolean;
}

/**
 * @param now milliseconds
 * @throws ExpectedError `not-a-public-certificate`, `key-is-ec`, `key-too-short`, `expired`
 */
export function publicCertificate(bytes: Uint8Array, now: number): PublicCertificate {
  const certificate = parse(bytes);
  const { publicKey } = certificate;
  const isRsa = publicKey.asymmetricKeyType === 'rsa';
  if (!isRsa || (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) {
    throw expected(
      isRsa ? 'key-too-short' : 'key-is-ec',
      l10n.t(
        'The certificate was not sent: when an app signs in, Microsoft Entra accepts RSA keys of 2048 bits or more only, and this key is another one. Make a certificate with such a key.',
      ),
    );
  }
  // Node has none for an empty name, whatever its types say.
  const { subject, issuer } = certificate as { readonly subject?: string; readonly issuer?: string };
  const notAfter = Date.parse(certificate.validTo);
  if (notAfter <= now) {
    throw expected(
      'expired',
      l10n.t('The certificate has expired, so nobody could sign in with it. Make or choose a newer one.'),
    );
  }
  return {
    der: bytes,
    sha256: hexOf('sha256', bytes),
    sha1: hexOf('sha1', bytes),
    subject: (subject ?? '').split('\n').reverse().join(', '),
    notBefore: Date.parse(certificate.validFrom),
    notAfter,
    selfIssued: subject === issuer,
  };
}

/** Exactly one DER certificate and not a byte more: neither a key, nor a PEM with one, nor a PFX can get past this. */
function parse(bytes: Uint8Array): X509Certificate {
  try {
    const certificate = new X509Certificate(bytes);
    if (certificate.raw.equals(bytes)) return certificate;
  } catch {
    // The same refusal as for what follows.
  }
  throw notPublic();
}
