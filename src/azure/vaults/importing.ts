/** Importing a certificate with its key. */
import type { VaultConnection } from './connection.ts';
import { assertName } from './policy.ts';
import { getCertificate } from './reading.ts';
import type { CallOptions, ImportRequest, VaultCertificateDetails } from './types.ts';

/**
 * Sends the policy as the service wants it. The SDK drops policy and `enabled`, so that a key meant to stay in the vault
 * could be fetched by everybody who may read secrets.
 */
export async function importCertificate(
  connection: VaultConnection,
  request: ImportRequest,
  options: CallOptions = {},
): Promise<VaultCertificateDetails> {
  const { name, content, kind, password, exportable, reuseKey, enabled, tags } = request;
  assertName(name);
  const bytes = Buffer.from(content);
  const body = {
    // The service wants PEM with plain line feeds.
    value: kind === 'pem' ? bytes.toString('utf8').replace(/\r\n?/g, '\n') : bytes.toString('base64'),
    ...(password === undefined ? {} : { pwd: password }),
    policy: {
      key_props: { exportable, ...(reuseKey === undefined ? {} : { reuse_key: reuseKey }) },
      secret_props: { contentType: kind === 'pem' ? 'application/x-pem-file' : 'application/x-pkcs12' },
    },
    ...(enabled === undefined ? {} : { attributes: { enabled } }),
    ...(tags === undefined ? {} : { tags }),
  };
  await connection.run({ action: 'import', certificate: name }, options, ({ abortSignal }) =>
    connection.rest.send('POST', `/certificates/${name}/import`, body, abortSignal),
  );
  return getCertificate(connection, { name }, options);
}
