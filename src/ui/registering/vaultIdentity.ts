/** The key of an app that takes it from a vault, or has the vault sign, fetched as the app fetches it. */
import type { AppConfig, KeyFrom, ResolvedValue, VaultReference } from '../../appConfig/types.ts';
import type { CallOptions, CertificateName, VaultClient } from '../../azure/types.ts';
import { isVaultKind, setupOf } from '../../setup/index.ts';
import type { SigningIdentity } from '../../setup/index.ts';
import { openFetched } from '../commands/vaultMaterial.ts';
import { versionFollowed } from '../commands/versionFollowed.ts';
import type { Services } from '../services.ts';
import { openVault } from '../vaults/openVault.ts';

/** Undefined for an app whose key is no vault's. Rejects as vaults do. */
export async function vaultIdentity(
  config: AppConfig,
  services: Services,
  call: CallOptions,
): Promise<SigningIdentity | undefined> {
  const used = await usedVault(config, services);
  if (used === undefined) return undefined;
  const { keyFrom, reference } = used;
  const client = await openVault(services, reference.origin, call);
  const version =
    reference.version === 'latest'
      ? await versionFollowed(client, reference.certificate, services.setupPorts.clock.now(), call)
      : reference.version;
  return versionIdentity(config, keyFrom, client, { name: reference.certificate, version }, services, call);
}

/** As the app would sign in with this very version, whichever it uses now. Rejects as vaults do. */
export async function versionIdentity(
  config: Pick<AppConfig, 'certificate'>,
  keyFrom: KeyFrom,
  client: VaultClient,
  name: CertificateName,
  services: Services,
  call: CallOptions,
): Promise<SigningIdentity> {
  if (keyFrom === 'keyVaultSign') return signingIdentity(client, name, call);
  const { prover } = services.azure();
  const fetched = await client.fetchCredential(name, call);
  const material = await openFetched(fetched, client, services);
  const { thumbprintSha256 = '', thumbprintSha1 = '' } = material.description;
  return {
    sign: prover.localSigner(material.privateKeyPkcs8),
    thumbprintProperty: config.certificate?.thumbprintProperty ?? 'thumbprintSha256',
    configured: config.certificate?.thumbprintProperty === 'thumbprint' ? thumbprintSha1 : thumbprintSha256,
    certificate: { thumbprintSha256, thumbprintSha1 },
  };
}

/** Which certificate of which vault the app uses: by its code, else by its setup. Undefined for an app whose key is no vault's. */
export async function usedVault(config: AppConfig, services: Services): Promise<UsedVault | undefined> {
  return fromCode(config) ?? (await fromJournal(config, services));
}

export interface UsedVault {
  readonly keyFrom: KeyFrom;
  readonly reference: VaultReference;
}

/** What the module in the app says, also where somebody else has set it up. A variable of the process wins over the `.env`, as it does there. */
function fromCode({ vault }: AppConfig): UsedVault | undefined {
  if (vault === undefined) return undefined;
  const valueOf = ({ value, source }: ResolvedValue): string =>
    (source.kind === 'environment' ? process.env[source.variable] : undefined) ?? value ?? '';
  const reference = {
    origin: valueOf(vault.origin).replace(/\/+$/, ''),
    certificate: valueOf(vault.certificate),
    version: valueOf(vault.version),
  };
  return Object.values(reference).includes('') ? undefined : { keyFrom: vault.keyFrom, reference };
}

async function fromJournal(config: AppConfig, services: Services): Promise<UsedVault | undefined> {
  const setup = await setupOf(config.file, services.setupPorts);
  if (setup?.vault === undefined || !isVaultKind(setup.keyFrom)) return undefined;
  return { keyFrom: setup.keyFrom, reference: await currentReference(setup.vault, setup.variables, config, services) };
}

/** The key stays in the vault, as it does for the app. */
async function signingIdentity(
  client: VaultClient,
  wanted: CertificateName,
  call: CallOptions,
): Promise<SigningIdentity> {
  const { name, version = '', thumbprintSha256 = '', thumbprintSha1 = '' } = await client.get(wanted, call);
  return {
    sign: (input, _algorithm, signal) =>
      client.sign({ name, version }, input, { ...call, ...(signal === undefined ? {} : { signal }) }),
    algorithm: 'PS256',
    thumbprintProperty: 'thumbprintSha256',
    configured: thumbprintSha256,
    certificate: { thumbprintSha256, thumbprintSha1 },
  };
}

/** The vault's names may stand in the environment, where somebody may have changed them since. */
async function currentReference(
  vault: VaultReference,
  variables: { readonly vaultUrl?: string; readonly certificateName?: string; readonly certificateVersion?: string },
  config: AppConfig,
  services: Services,
): Promise<VaultReference> {
  const file = config.envFile;
  const values = file === undefined ? undefined : await services.appConfigs().envValues(file, services.files);
  const valueOf = (name: string | undefined) =>
    name === undefined ? undefined : (process.env[name] ?? values?.get(name));
  return {
    ...vault,
    origin: (valueOf(variables.vaultUrl) ?? vault.origin).replace(/\/+$/, ''),
    certificate: valueOf(variables.certificateName) ?? vault.certificate,
    version: valueOf(variables.certificateVersion) ?? vault.version,
  };
}
