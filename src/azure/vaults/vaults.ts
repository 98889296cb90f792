/** The clients of a cloud's vaults. */
import * as l10n from '@vscode/l10n';
import { isVaultOrigin, vaultFromInput } from '../clouds.ts';
import type { Vault } from '../types.ts';
import {
  deleteCertificate,
  getDeletedCertificate,
  purgeCertificate,
  recoverCertificate,
  updateCertificate,
} from './changing.ts';
import { connectVault } from './connection.ts';
import type { ConnectionPorts } from './connection.ts';
import { createCertificate, renewCertificate, waitForCreation } from './creation.ts';
import { expected } from './serviceError.ts';
import { fetchCredential } from './fetching.ts';
import { importCertificate } from './importing.ts';
import { cancelPending, discardPending, findCreation, mergeCertificate, readPending } from './pending.ts';
import { assertName, completePolicy, getPolicy, updatePolicy } from './policy.ts';
import { getCertificate, listCertificates, listDeleted, listIssuers, listVersions } from './reading.ts';
import { signInVault } from './signing.ts';
import type { CallOptions, VaultClient, Vaults } from './types.ts';
import type { VaultConnection } from './connection.ts';

export function createVaults(ports: ConnectionPorts): Vaults {
  const clients = new Map<string, VaultClient>();
  return {
    open(vault) {
      const known = clients.get(vault.origin);
      if (known !== undefined) return known;
      if (!isVaultOrigin(ports.cloud, vault.origin)) throw foreign(vault);
      const client = createClient(connectVault(vault, ports));
      clients.set(vault.origin, client);
      return client;
    },
    fromInput: (input) => vaultFromInput(ports.cloud, input),
    forget: () => clients.clear(),
    completePolicy,
  };
}

function createClient(connection: VaultConnection): VaultClient {
  return {
    get vault() {
      return connection.vault;
    },
    list: (options) => listCertificates(connection, options?.pending !== false, options),
    versions: (name, options) => listVersions(connection, name, options),
    deleted: (options) => listDeleted(connection, options),
    get: (certificate, options) => getCertificate(connection, certificate, options),
    getDeleted: (name, options) => getDeletedCertificate(connection, name, options),
    issuers: (options) => listIssuers(connection, options),
    create: (request, options) => createCertificate(connection, request, options),
    renew: (name, options) => renewCertificate(connection, name, options),
    waitForCreation: (name, options) => waitForCreation(connection, name, options),
    creation: (name, options) => findCreation(connection, name, options),
    cancelCreation: (name, options) => cancelCreation(connection, name, options),
    merge: (name, chainDer, options) => mergeCertificate(connection, name, chainDer, options),
    import: (request, options) => importCertificate(connection, request, options),
    update: (certificate, change, options) => updateCertificate(connection, certificate, change, options),
    policy: (name, options) => getPolicy(connection, name, options),
    updatePolicy: (name, change, options) => updatePolicy(connection, name, change, options),
    delete: (name, options) => deleteCertificate(connection, name, options),
    recover: (name, options) => recoverCertificate(connection, name, options),
    purge: (name, options) => purgeCertificate(connection, name, options),
    fetchCredential: (certificate, options) => fetchCredential(connection, certificate, options),
    sign: (key, input, options) => signInVault(connection, key, input, options),
  };
}

/** Cancels if it is still under way, and removes the operation in any case. */
async function cancelCreation(connection: VaultConnection, name: string, options: CallOptions = {}): Promise<void> {
  assertName(name);
  const { state } = await readPending(connection, name, options);
  if (state.status === 'inProgress' && !state.cancellationRequested) await cancelPending(connection, name, options);
  await discardPending(connection, name, options);
}

function foreign(vault: Vault): Error {
  return expected(
    'vault-not-in-cloud',
    l10n.t(
      "{0} is no vault of this cloud. A token is sent to the cloud's own vaults only. Check the address and the setting clientCertificate.cloud.",
      vault.origin,
    ),
  );
}
