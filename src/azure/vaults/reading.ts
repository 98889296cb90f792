/** Lists and single certificates, in the house's own shapes. */
import type {
  CertificateProperties,
  DeletedCertificate,
  KeyVaultCertificate,
  KeyVaultCertificateWithPolicy,
} from '@azure/keyvault-certificates';
import { createHash } from 'node:crypto';
import { orCancelled } from '../cancellation.ts';
import type { Vault, VaultCertificate } from '../types.ts';
import type { SdkOptions, VaultConnection } from './connection.ts';
import type { Attempt } from './errors.ts';
import { toVaultPolicy } from './policy.ts';
import type { CallOptions, CertificateName, VaultCertificateDetails } from './types.ts';

/** A row of a list. */
export function toCertificate(vault: Vault, properties: CertificateProperties, versioned: boolean): VaultCertificate {
  const { name, version, x509ThumbprintString: thumbprint } = properties;
  return {
    vault: vault.name,
    name: name ?? '',
    ...(versioned && version !== undefined && version !== '' ? { version } : {}),
    enabled: properties.enabled === true,
    ...time('notBefore', properties.notBefore),
    ...time('expires', properties.expiresOn),
    ...time('created', properties.createdOn),
    ...time('updated', properties.updatedOn),
    ...(thumbprint === undefined ? {} : { thumbprintSha1: thumbprint.toUpperCase() }),
    tags: tagsOf(properties),
    // Only what was never completed has no thumbprint.
    ...(thumbprint === undefined ? { pending: true } : {}),
  };
}

function toDeleted(vault: Vault, deleted: DeletedCertificate): VaultCertificate {
  return {
    ...toCertificate(vault, { ...deleted.properties, name: deleted.name }, false),
    deleted: {
      ...time('deletedOn', deleted.deletedOn),
      ...time('scheduledPurge', deleted.scheduledPurgeDate),
    },
  };
}

/** All that a vault tells of one certificate. */
export function toDetails(
  vault: Vault,
  certificate: KeyVaultCertificate & Pick<KeyVaultCertificateWithPolicy, 'policy'>,
): VaultCertificateDetails {
  const { cer, id, keyId, secretId, policy, properties } = certificate;
  return {
    ...toCertificate(vault, properties, cer !== undefined),
    id: id ?? properties.id ?? '',
    ...(cer === undefined ? {} : { certificateDer: cer, thumbprintSha256: sha256(cer) }),
    ...(keyId === undefined ? {} : { keyId }),
    ...(secretId === undefined ? {} : { secretId }),
    ...(policy?.subject === undefined ? {} : { policy: toVaultPolicy(policy) }),
    ...(properties.recoveryLevel === undefined ? {} : { recoveryLevel: properties.recoveryLevel }),
    ...(properties.recoverableDays === undefined ? {} : { recoverableDays: properties.recoverableDays }),
  };
}

export function listCertificates(
  connection: VaultConnection,
  pending: boolean,
  options: CallOptions | undefined,
): AsyncIterable<VaultCertificate[]> {
  return pages(
    connection,
    { action: 'list' },
    options,
    (sdk) => connection.certificates.listPropertiesOfCertificates({ ...sdk, includePending: pending }).byPage(),
    (item) => toCertificate(connection.vault, item, false),
  );
}

export function listVersions(
  connection: VaultConnection,
  name: string,
  options: CallOptions | undefined,
): AsyncIterable<VaultCertificate[]> {
  return pages(
    connection,
    { action: 'list', certificate: name },
    options,
    (sdk) => connection.certificates.listPropertiesOfCertificateVersions(name, sdk).byPage(),
    (item) => toCertificate(connection.vault, item, true),
  );
}

export function listDeleted(
  connection: VaultConnection,
  options: CallOptions | undefined,
): AsyncIterable<VaultCertificate[]> {
  return pages(
    connection,
    { action: 'list' },
    options,
    (sdk) => connection.certificates.listDeletedCertificates(sdk).byPage(),
    (item) => toDeleted(connection.vault, item),
  );
}

async function* pages<T, R>(
  connection: VaultConnection,
  attempt: Attempt,
  options: CallOptions | undefined,
  start: (sdk: SdkOptions) => AsyncIterableIterator<T[]>,
  show: (item: T) => R,
): AsyncGenerator<R[]> {
  let iterator: AsyncIterableIterator<T[]> | undefined;
  let first = true;
  for (;;) {
    const next = await connection.run(attempt, options, (sdk) => {
      // A generator that threw has ended: the try after signing in needs a new one.
      if (first || iterator === undefined) iterator = start(sdk);
      // The SDK hands the signal to the first page only.
      return orCancelled(iterator.next(), sdk.abortSignal);
    });
    if (next.done === true) return;
    first = false;
    yield next.value.map(show);
  }
}

/** One certificate; without a version the newest, with its policy. */
export function getCertificate(
  connection: VaultConnection,
  { name, version }: CertificateName,
  options?: CallOptions,
): Promise<VaultCertificateDetails> {
  return connection.run({ action: 'read', certificate: name, ...(version && { version }) }, options, async (sdk) =>
    toDetails(
      connection.vault,
      version === undefined
        ? await connection.certificates.getCertificate(name, sdk)
        : await connection.certificates.getCertificateVersion(name, version, sdk),
    ),
  );
}

export async function listIssuers(connection: VaultConnection, options?: CallOptions): Promise<readonly string[]> {
  return connection.run({ action: 'issuers' }, options, async (sdk) => {
    const names: string[] = [];
    for await (const { id } of connection.certificates.listPropertiesOfIssuers(sdk)) {
      // The SDK leaves `name` empty here: the id ends with it.
      const name = id?.split('/').at(-1);
      if (name !== undefined) names.push(name);
    }
    return names;
  });
}

function time<K extends string>(name: K, date: Date | undefined): Partial<Record<K, number>> {
  return date === undefined ? {} : ({ [name]: date.getTime() } as Record<K, number>);
}

function tagsOf({ tags }: CertificateProperties): Record<string, string> {
  const entries = Object.entries(tags ?? {});
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

const sha256 = (der: Uint8Array): string => createHash('sha256').update(der).digest('hex').toUpperCase();
