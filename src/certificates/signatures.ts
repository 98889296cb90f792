/** Finds certificates that have changed since they were signed. */
import { createHash, X509Certificate } from 'node:crypto';
import { children, expectTag, oidText, sameBytes, Tag } from './der.ts';
import { attempt } from './errors.ts';
import { extensionFacts, keyIdentifiers } from './extensions.ts';
import type { CertificateParts } from './facts.ts';
import { publicKeyFacts } from './publicKeys.ts';

/** Signatures that every crypto library verifies: RSA (PKCS#1 v1.5) and ECDSA, with SHA-256, SHA-384 and SHA-512. */
const verifiable = new Set([
  ...['1.2.840.113549.1.1.11', '1.2.840.113549.1.1.12', '1.2.840.113549.1.1.13'],
  ...['1.2.840.10045.4.3.2', '1.2.840.10045.4.3.3', '1.2.840.10045.4.3.4'],
]);
/** Bits of RSA keys: libraries refuse to verify with longer ones, which looks like a wrong signature. */
const longestKey = 8192;

/**
 * True where the file holds the key that a certificate is signed with, by names and key identifiers both, and the signature is wrong.
 * Names alone prove nothing: an authority keeps its name when it gets a new key, and certificates without identifiers may have been
 * issued by another one of the same name.
 * @param others the certificates beside it in the file
 */
export function signatureIsWrong(certificate: CertificateParts, others: readonly CertificateParts[]): boolean {
  return (
    attempt(() => {
      if (!verifiable.has(oidText(children(certificate.signatureAlgorithm)[0]))) return false;
      if (isOwnIssuer(certificate)) return fails(certificate, certificate);
      const { authority } = keyIdentifiers(certificate.extensions);
      return others.some(
        (other) =>
          authority !== undefined &&
          sameBytes(other.subject.bytes, certificate.issuer.bytes) &&
          keyIdentifiers(other.extensions).subject === authority &&
          fails(certificate, other),
      );
    }) ?? false
  );
}

function isOwnIssuer({ subject, issuer, publicKey, extensions }: CertificateParts): boolean {
  if (!sameBytes(subject.bytes, issuer.bytes)) return false;
  const ids = keyIdentifiers(extensions);
  if (ids.authority === undefined) {
    // RFC 5280, 4.2.1.1: only a certificate that is signed with its own key may leave the authority's identifier out.
    return ids.subject !== undefined && !extensionFacts(extensions).isCa;
  }
  // The usual identifier, where the certificate's own is what has changed.
  const bits = expectTag(children(publicKey)[1], Tag.bitString, 'A public key').content.subarray(1);
  return ids.authority === ids.subject || ids.authority === createHash('sha1').update(bits).digest('hex');
}

function fails(certificate: CertificateParts, issuer: CertificateParts): boolean {
  const { keyAlgorithm, keySize } = publicKeyFacts(issuer.publicKey);
  if (keyAlgorithm !== 'EC' && !(keyAlgorithm === 'RSA' && keySize >= 1024 && keySize <= longestKey)) return false;
  try {
    return !new X509Certificate(certificate.der).verify(new X509Certificate(issuer.der).publicKey);
  } catch {
    // What this library cannot read says nothing about the signature.
    return false;
  }
}
