/** New RSA keys, made by the native library on a thread of its own. */
import { generateKeyPair, sign, type KeyObject } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { CancelledError, ExpectedError, throwIfCancelled } from '../base/errors.ts';
import { toDer } from './der.ts';
import { bitString, nullValue, objectId, sequence, type Asn1 } from './derWriting.ts';

const sizes: readonly number[] = [2048, 3072, 4096];
const sha256WithRsa = '1.2.840.113549.1.1.11';

export interface RsaKey {
  readonly privateKey: KeyObject;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  /** PrivateKeyInfo, DER, unencrypted. */
  readonly pkcs8: Uint8Array;
}

/**
 * Makes an RSA key. Rejects with `key-size-invalid`, or with CancelledError at once when the signal is aborted; the
 * native search for primes cannot be stopped, its result is then dropped.
 */
export async function newRsaKey(bits: number, signal?: AbortSignal): Promise<RsaKey> {
  if (!sizes.includes(bits)) {
    throw new ExpectedError(
      'key-size-invalid',
      l10n.t('An RSA key of {0} bits is not made here. Choose 2048, 3072 or 4096.', String(bits)),
    );
  }
  throwIfCancelled(signal);
  const key = await new Promise<RsaKey>((resolve, reject) => {
    const cancel = () => reject(new CancelledError());
    signal?.addEventListener('abort', cancel, { once: true });
    generateKeyPair('rsa', { modulusLength: bits, publicExponent: 0x10001 }, (error, publicKey, privateKey) => {
      signal?.removeEventListener('abort', cancel);
      if (error !== null) {
        reject(error);
        return;
      }
      resolve({
        privateKey,
        spki: publicKey.export({ type: 'spki', format: 'der' }),
        pkcs8: privateKey.export({ type: 'pkcs8', format: 'der' }),
      });
    });
  });
  throwIfCancelled(signal);
  return key;
}

/** AlgorithmIdentifier of {@link signed}. */
export function signatureAlgorithm(): Asn1 {
  return sequence(objectId(sha256WithRsa), nullValue());
}

/** `SEQUENCE { body, algorithm, signature }`, the form of certificates and of requests; RSA PKCS#1 v1.5 with SHA-256. */
export function signed(body: Asn1, privateKey: KeyObject): Uint8Array {
  const signature = sign('sha256', toDer(body), privateKey);
  return toDer(sequence(body, signatureAlgorithm(), bitString(signature)));
}
