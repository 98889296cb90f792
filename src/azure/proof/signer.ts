/** Signs with a private key in memory. */
import { constants, createPrivateKey, sign } from 'node:crypto';
import type { AssertionSigner } from './types.ts';

/** @param privateKeyPkcs8 DER, unencrypted, RSA */
export function localSigner(privateKeyPkcs8: Uint8Array): AssertionSigner {
  const key = createPrivateKey({ key: Buffer.from(privateKeyPkcs8), format: 'der', type: 'pkcs8' });
  return (input, algorithm) =>
    Promise.resolve(
      sign(
        'sha256',
        input,
        algorithm === 'PS256'
          ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
          : { key, padding: constants.RSA_PKCS1_PADDING },
      ),
    );
}
