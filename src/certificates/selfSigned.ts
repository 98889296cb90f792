/** Making a self-signed certificate with its key. */
import { randomBytes } from 'node:crypto';
import { throwIfCancelled } from '../base/errors.ts';
import { selfSignedCertificate } from './certificateWriting.ts';
import { certificateFacts } from './facts.ts';
import { newRsaKey } from './rsaKeys.ts';
import { parseSubject } from './subject.ts';
import { nameAsn1 } from './subjectForms.ts';
import type { CredentialMaterial, SelfSignedOptions } from './types.ts';
import { checkedValidityDays } from './validity.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** Clocks of directory and machine differ by minutes; a certificate that is not yet valid is refused. */
const backdatedMs = 10 * 60 * 1000;

/**
 * Makes an RSA key and a certificate for it, signed by itself with SHA-256: key usage digitalSignature, extended key
 * usage clientAuth, no CA, random 128-bit serial number. It lives exactly the given days from notBefore, 10 minutes
 * back, so that a directory that allows that many days accepts it.
 * Rejects with `subject-invalid`, `validity-invalid`, `key-size-invalid`, and with CancelledError.
 */
export async function selfSigned(options: SelfSignedOptions): Promise<CredentialMaterial> {
  const name = nameAsn1(parseSubject(options.subject));
  const days = checkedValidityDays(options.validityDays);
  const key = await newRsaKey(options.keySize ?? 2048, options.signal);
  const notBefore = Math.floor((options.now ?? Date.now()) / 1000) * 1000 - backdatedMs;
  const certificateDer = selfSignedCertificate(
    { name, serialNumber: randomBytes(16), notBefore, notAfter: notBefore + days * dayMs },
    key,
  );
  throwIfCancelled(options.signal);
  return {
    description: {
      kind: 'pem',
      ...certificateFacts(certificateDer),
      hasPrivateKey: true,
      keyMatches: true,
      chain: [],
      problems: [],
    },
    certificateDer,
    chainDer: [],
    privateKeyPkcs8: key.pkcs8,
  };
}
