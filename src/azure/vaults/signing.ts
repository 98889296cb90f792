/** Signing with a key that stays in its vault. */
import { createHash } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { isExpectedError } from '../../base/errors.ts';
import type { VaultConnection } from './connection.ts';
import { assertName } from './policy.ts';
import { expected } from './serviceError.ts';
import type { CallOptions, SigningKey } from './types.ts';

/**
 * One signature: RSASSA-PSS with SHA-256 and a salt of 32 bytes, which Key Vault calls PS256
 * (https://learn.microsoft.com/rest/api/keyvault/keys/sign/sign). Only the digest is sent.
 * @returns the bytes of the signature
 */
export async function signInVault(
  connection: VaultConnection,
  key: SigningKey,
  input: Uint8Array,
  options: CallOptions = {},
): Promise<Uint8Array> {
  const { name, version } = key;
  assertName(name);
  if (!/^[0-9a-f]{32}$/i.test(version)) throw new RangeError('A version has 32 hex digits.');
  const value = createHash('sha256').update(input).digest('base64url');
  const { json } = await connection
    .run({ action: 'sign', certificate: name }, options, (sdk) =>
      connection.rest.send('POST', `/keys/${name}/${version}/sign`, { alg: 'PS256', value }, sdk.abortSignal),
    )
    .catch((error: unknown) => {
      if (isExpectedError(error) && error.code === 'vault-refused-request') throw keyCannotSign(connection, name);
      throw error;
    });
  const signature = typeof json.value === 'string' ? Buffer.from(json.value, 'base64url') : Buffer.alloc(0);
  if (signature.length < 256) throw keyCannotSign(connection, name);
  return signature;
}

function keyCannotSign(connection: VaultConnection, name: string): Error {
  return expected(
    'key-cannot-sign',
    l10n.t(
      'The key of {0} in the vault {1} cannot sign what Entra accepts: that takes an RSA key of 2048 bits or more whose usages include signing. Make a new certificate with such a key.',
      name,
      connection.vault.name,
    ),
  );
}
