/** Properties of a certificate, and its deletion. */
import * as l10n from '@vscode/l10n';
import { isExpectedError } from '../../base/errors.ts';
import type { VaultCertificate } from '../types.ts';
import type { VaultConnection } from './connection.ts';
import { expected } from './serviceError.ts';
import { assertName } from './policy.ts';
import { getCertificate, toDetails } from './reading.ts';
import type { CallOptions, CertificateName, PropertyChange, VaultCertificateDetails } from './types.ts';

/** Between two looks at what takes its time, in ms, and how often: half a minute is several times what was ever seen. */
const wait = 2_000;
const looks = 30;

export function updateCertificate(
  connection: VaultConnection,
  { name, version }: CertificateName,
  { enabled, tags }: PropertyChange,
  options?: CallOptions,
): Promise<VaultCertificateDetails> {
  const change = {
    ...(enabled === undefined ? {} : { enabled }),
    ...(tags === undefined ? {} : { tags: { ...tags } }),
  };
  return connection.run({ action: 'update', certificate: name, ...(version && { version }) }, options, async (sdk) =>
    toDetails(
      connection.vault,
      await connection.certificates.updateCertificateProperties(name, version ?? '', { ...sdk, ...change }),
    ),
  );
}

/** Resolves when the vault shows the certificate among the deleted ones. */
export async function deleteCertificate(
  connection: VaultConnection,
  name: string,
  options: CallOptions = {},
): Promise<VaultCertificate> {
  assertName(name);
  await connection.run({ action: 'delete', certificate: name }, options, (sdk) =>
    connection.certificates.beginDeleteCertificate(name, sdk),
  );
  return untilThere(connection, options, 'deleted-certificate-not-found', () =>
    readDeleted(connection, 'delete', name, options),
  );
}

/** A soft-deleted certificate. */
export async function getDeletedCertificate(
  connection: VaultConnection,
  name: string,
  options: CallOptions = {},
): Promise<VaultCertificate> {
  assertName(name);
  return readDeleted(connection, 'read', name, options);
}

function readDeleted(
  connection: VaultConnection,
  action: 'read' | 'delete',
  name: string,
  options: CallOptions,
): Promise<VaultCertificate> {
  return connection.run({ action, certificate: name }, options, async (sdk) => {
    const found = await connection.certificates.getDeletedCertificate(name, sdk);
    const { deletedOn, scheduledPurgeDate } = found;
    return {
      ...toDetails(connection.vault, found),
      deleted: {
        ...(deletedOn === undefined ? {} : { deletedOn: deletedOn.getTime() }),
        ...(scheduledPurgeDate === undefined ? {} : { scheduledPurge: scheduledPurgeDate.getTime() }),
      },
    };
  });
}

/** Resolves when the certificate can be read again. */
export async function recoverCertificate(
  connection: VaultConnection,
  name: string,
  options: CallOptions = {},
): Promise<VaultCertificateDetails> {
  assertName(name);
  await connection.run({ action: 'recover', certificate: name }, options, (sdk) =>
    connection.certificates.beginRecoverDeletedCertificate(name, sdk),
  );
  return untilThere(connection, options, 'certificate-not-found', () => getCertificate(connection, { name }, options));
}

/** Resolves when the vault no longer shows the deleted certificate. */
export async function purgeCertificate(
  connection: VaultConnection,
  name: string,
  options: CallOptions = {},
): Promise<void> {
  assertName(name);
  const attempt = { action: 'purge', certificate: name } as const;
  await connection.run(attempt, options, (sdk) => connection.certificates.purgeDeletedCertificate(name, sdk));
  for (let look = 0; look < looks; look++) {
    try {
      await connection.run(attempt, options, (sdk) => connection.certificates.getDeletedCertificate(name, sdk));
    } catch (error) {
      if (isExpectedError(error) && error.code === 'deleted-certificate-not-found') return;
      throw error;
    }
    await connection.clock.delay(wait, options.signal);
  }
  throw notYet(connection);
}

async function untilThere<T>(
  connection: VaultConnection,
  options: CallOptions,
  missing: string,
  read: () => Promise<T>,
): Promise<T> {
  for (let look = 0; look < looks; look++) {
    try {
      return await read();
    } catch (error) {
      if (!isExpectedError(error) || error.code !== missing) throw error;
    }
    await connection.clock.delay(wait, options.signal);
  }
  throw notYet(connection);
}

function notYet(connection: VaultConnection): Error {
  return expected(
    'vault-slow',
    l10n.t(
      'The vault {0} accepted the change but does not show it yet. Refresh the vault in a few minutes.',
      connection.vault.name,
    ),
  );
}
