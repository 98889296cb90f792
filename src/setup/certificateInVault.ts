/** The certificate behind the vault's version that an app's code names, as far as this machine knows it. */
import type { AppConfig, VaultReference } from '../appConfig/types.ts';
import type { AppliedSetup } from './setupOf.ts';

/**
 * The setup that chose this version has kept its public certificate. Undefined for an app that follows its vault ("latest"): which version
 * that is, only the vault can tell.
 */
export function certificateInVault(config: AppConfig, setup: AppliedSetup | undefined): Uint8Array | undefined {
  const { vault } = config;
  const known = setup?.vault;
  if (vault === undefined || known === undefined || setup?.certificate.pem === '') return undefined;
  const named = { origin: vault.origin.value, certificate: vault.certificate.value, version: vault.version.value };
  if (known.version === 'latest' || !isSame(named, known)) return undefined;
  return Buffer.from(setup?.certificate.pem ?? '');
}

/** Names in a vault and host names are the same in upper and lower case. */
function isSame(
  named: Readonly<Record<'origin' | 'certificate' | 'version', string | undefined>>,
  known: VaultReference,
) {
  const plain = (text: string | undefined) => text?.toLowerCase().replace(/\/+$/, '');
  return (['origin', 'certificate', 'version'] as const).every((part) => plain(named[part]) === plain(known[part]));
}
