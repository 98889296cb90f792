/** Making a request for a certificate that a CA will sign. */
import { throwIfCancelled } from '../base/errors.ts';
import { certificateRequest } from './certificateWriting.ts';
import { pemBlock } from './der.ts';
import { newRsaKey } from './rsaKeys.ts';
import { parseSubject } from './subject.ts';
import { nameAsn1 } from './subjectForms.ts';
import type { CsrMaterial, CsrOptions } from './types.ts';

/**
 * Makes an RSA key and a request (PKCS#10) for it that asks for key usage digitalSignature and extended key usage
 * clientAuth. Rejects with `subject-invalid`, `key-size-invalid`, and with CancelledError.
 */
export async function csr(options: CsrOptions): Promise<CsrMaterial> {
  const name = nameAsn1(parseSubject(options.subject));
  const key = await newRsaKey(options.keySize ?? 2048, options.signal);
  const csrPem = pemBlock('CERTIFICATE REQUEST', certificateRequest(name, key));
  throwIfCancelled(options.signal);
  return { csrPem, privateKeyPkcs8: key.pkcs8 };
}
