/** Fetching a certificate with its private key. */
import * as l10n from '@vscode/l10n';
import { isExpectedError } from '../../base/errors.ts';
import type { VaultConnection } from './connection.ts';
import { expected } from './serviceError.ts';
import { getCertificate } from './reading.ts';
import type { CallOptions, CertificateName, FetchedCredential, SecretContentType } from './types.ts';

/** Nothing is written here or in the vault; the caller opens the bytes. See {@link FetchedCredential}. */
export async function fetchCredential(
  connection: VaultConnection,
  wanted: CertificateName,
  options: CallOptions = {},
): Promise<FetchedCredential> {
  const { name } = wanted;
  const certificate = await getCertificate(connection, wanted, options);
  if (certificate.certificateDer === undefined) {
    throw expected(
      'creation-pending',
      l10n.t('The creation of {0} is not completed, so there is no key to fetch yet. Wait for it.', name),
    );
  }
  // The policy speaks for the newest version; of an older one only the secret itself tells.
  if (certificate.policy?.exportable === false && wanted.version === undefined) throw notExportable(connection, name);
  const version = wanted.version ?? certificate.version;
  // By itself: the SDK's client of secrets would be a tenth of the bundle, for this one request.
  const { json } = await connection
    .run({ action: 'readKey', certificate: name }, options, (sdk) =>
      connection.rest.send('GET', `/secrets/${encodeURIComponent(name)}/${version ?? ''}`, undefined, sdk.abortSignal),
    )
    .catch((error: unknown) => {
      if (isExpectedError(error) && error.code === 'certificate-not-found') throw noSecret(connection, name);
      throw error;
    });
  const contentType: SecretContentType =
    json.contentType === 'application/x-pem-file' ? 'application/x-pem-file' : 'application/x-pkcs12';
  const { value } = json;
  if (typeof value !== 'string' || value === '') throw noSecret(connection, name);
  if (contentType === 'application/x-pem-file' && !value.includes('PRIVATE KEY-----')) {
    throw notExportable(connection, name);
  }
  return {
    certificate,
    contentType,
    bytes: Buffer.from(value, contentType === 'application/x-pem-file' ? 'utf8' : 'base64'),
  };
}

function notExportable(connection: VaultConnection, name: string): Error {
  return expected(
    'key-not-exportable',
    l10n.t(
      'The private key of {0} never leaves the vault {1}: its policy says that it is not exportable. Let the vault sign for the app, or make a new version with an exportable key.',
      name,
      connection.vault.name,
    ),
  );
}

function noSecret(connection: VaultConnection, name: string): Error {
  return expected(
    'key-not-found',
    l10n.t(
      'The vault {0} has the certificate {1} but no key of this version. Choose another version or make a new one.',
      connection.vault.name,
      name,
    ),
  );
}
