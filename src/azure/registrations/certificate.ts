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
  /** On one line, most specific part first. */
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
  if (publicKey.asymmetricKeyType !== 'rsa') {
    throw expected(
      'key-is-ec',
      l10n.t(
        "The certificate's key is not RSA. The portal would take it, but Microsoft Entra accepts RSA keys only when the app signs in. Make a certificate with an RSA key of 2048 bits or more.",
      ),
    );
  }
  if ((publicKey.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) {
    throw expected(
      'key-too-short',
      l10n.t(
        "The certificate's RSA key is too short. Microsoft Entra needs 2048 bits or more. Make a certificate with a longer key.",
      ),
    );
  }
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
    subject: certificate.subject.split('\n').reverse().join(', '),
    notBefore: Date.parse(certificate.validFrom),
    notAfter,
    selfIssued: certificate.subject === certificate.issuer,
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
