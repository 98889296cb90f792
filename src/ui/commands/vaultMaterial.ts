/** A certificate that a vault has, as a setup needs it: with its key, or as a reference that the app resolves when it starts. */
import * as vscode from 'vscode';
import { ExpectedError, isExpectedError } from '../../base/errors.ts';
import type { VaultReference } from '../../appConfig/types.ts';
import type { CallOptions, FetchedCredential, VaultCertificateDetails, VaultClient } from '../../azure/types.ts';
import type { CredentialMaterial } from '../../certificates/types.ts';
import { isVaultKind } from '../../setup/index.ts';
import type { KeyFromArgument, VaultCertificateChoice } from '../automation.ts';
import type { Services } from '../services.ts';
import { openVault } from '../vaults/openVault.ts';
import type { MadeMaterial } from './setUpMaterial.ts';
import { usableCertificate } from './vaultUsable.ts';
import { versionFollowed } from './versionFollowed.ts';

/** Whether this account has to be able to use the key as the app will, which only trying tells. */
export interface KeyChecks {
  /** For `keyVaultSign`: to sign with it, as a proof does. */
  readonly signing: boolean;
  /** For `keyVault`: to fetch it. */
  readonly fetching: boolean;
}

/**
 * Reads the certificate; its key too where the app gets it as a file or variable. Nothing is written.
 * Rejects with the codes of the vaults (`secret-get-denied`, `key-not-exportable`, `vault-forbidden`, …) and of
 * `openCredential` (`key-is-ec`, …).
 */
export async function fromVault(
  { vault, name, version }: VaultCertificateChoice,
  keyFrom: KeyFromArgument,
  services: Services,
  call: CallOptions,
  checks: KeyChecks,
): Promise<MadeMaterial> {
  const client = await openVault(services, vault, call);
  const follows = version === 'latest';
  const exact = follows ? await versionFollowed(client, name, services.setupPorts.clock.now(), call) : version;
  const wanted = { name, ...(exact === undefined ? {} : { version: exact }) };
  if (isVaultKind(keyFrom)) {
    const found = await client.get(wanted, call);
    const signs = keyFrom === 'keyVaultSign';
    const needsKey = version === undefined && !signs;
    const used = await usedInVault(found, client, services, needsKey);
    if (signs && checks.signing) await checkSigning(found, client, call);
    if (!signs && checks.fetching) await checkFetching(found, client, services, call);
    return { ...used, vault: referenceOf(client, found, follows) };
  }
  const fetched = await client.fetchCredential(wanted, call);
  return { material: await openFetched(fetched, client, services) };
}

/** The certificate whose key the app takes from the vault itself. */
async function usedInVault(
  found: VaultCertificateDetails,
  { vault }: VaultClient,
  services: Services,
  needsKey: boolean,
): Promise<Pick<MadeMaterial, 'material'>> {
  const { name, policy } = found;
  const certificateDer = usableCertificate(found, vault.name, services.setupPorts.clock.now());
  // The policy speaks for the newest version only.
  if (needsKey && policy?.exportable === false) throw notExportable(name, vault.name);
  return { material: await services.certificates().openPublic(certificateDer) };
}

/** Has something signed: nothing else tells beforehand whether the account may. Rejects with `vault-forbidden`, `key-cannot-sign` and the like. */
export async function checkSigning(
  { name, version = '' }: VaultCertificateDetails,
  client: VaultClient,
  call: CallOptions,
): Promise<void> {
  await client.sign({ name, version }, Buffer.from('Client Certificate Guide'), call);
}

/**
 * Fetches certificate and key once, as the app does when it starts, and forgets them: the policy says nothing of older versions, and only the
 * vault knows who may fetch. Rejects with `secret-get-denied`, `key-not-exportable` and the like.
 */
export async function checkFetching(
  { name, version }: VaultCertificateDetails,
  client: VaultClient,
  services: Services,
  call: CallOptions,
): Promise<void> {
  const fetched = await client.fetchCredential({ name, ...(version === undefined ? {} : { version }) }, call);
  try {
    const { privateKeyPkcs8 } = await openFetched(fetched, client, services);
    privateKeyPkcs8.fill(0);
  } finally {
    fetched.bytes.fill(0);
  }
}

/** Certificate and key out of a fetched secret, whatever its form. */
export async function openFetched(
  { bytes, certificate }: FetchedCredential,
  { vault }: VaultClient,
  services: Services,
): Promise<CredentialMaterial> {
  const { thumbprintSha256, name } = certificate;
  try {
    return await services
      .certificates()
      .openCredential(bytes, thumbprintSha256 === undefined ? {} : { thumbprintSha256 });
  } catch (error) {
    if (isExpectedError(error) && error.code === 'no-private-key') throw notExportable(name, vault.name);
    throw error;
  }
}

/** How the app's code names the certificate. */
export function referenceOf(
  { vault }: VaultClient,
  { name, version = '' }: VaultCertificateDetails,
  follows: boolean,
): VaultReference {
  return {
    origin: vault.origin,
    certificate: name,
    version: follows ? 'latest' : version,
    ...(vault.tenant !== undefined && isGuid(vault.tenant) ? { tenant: vault.tenant } : {}),
  };
}

function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

function notExportable(name: string, vault: string): ExpectedError {
  return new ExpectedError(
    'key-not-exportable',
    vscode.l10n.t(
      'The private key of {0} never leaves the vault {1}: its policy says that it is not exportable. Let Key Vault sign for the app, choose another certificate, or make a new version with an exportable key.',
      name,
      vault,
    ),
  );
}
