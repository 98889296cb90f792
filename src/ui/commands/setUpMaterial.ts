/** The certificate of a setup, whatever way it comes: made here, opened from a file, fetched from a vault or made there. */
import * as vscode from 'vscode';
import type { AppConfig, VaultReference } from '../../appConfig/types.ts';
import type { CredentialMaterial } from '../../certificates/types.ts';
import type { SetupMaterial } from '../../setup/index.ts';
import type { KeyFromArgument } from '../automation.ts';
import { openCredential } from '../flows/certificateFile.ts';
import { isInVault } from '../flows/inVault.ts';
import type { ChosenInVault } from '../flows/inVault.ts';
import type { ChosenCertificate } from '../flows/setUpFlow.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import { checkRewrite } from './checkRewrite.ts';
import { makeExternally } from './external.ts';
import type { Run } from './run.ts';
import { fromVault } from './vaultMaterial.ts';
import { makeInVault } from './vaultNewMaterial.ts';

/** A certificate ready to be planned with. */
export interface MadeMaterial {
  readonly material: SetupMaterial;
  /** For a certificate of a vault: how the app names it. */
  readonly vault?: VaultReference;
  /** What happened outside of this machine already, for the review. */
  readonly notice?: string;
  /** Takes that back, when the setup is not applied. Never rejects; says itself what is left. */
  takeBack?(): Promise<void>;
}

export interface Materials {
  /**
   * Whether a certificate of a vault can serve this app in this way; rejects with the reason. What it fetched, `make` does not fetch again.
   */
  check(certificate: ChosenInVault, keyFrom: KeyFromArgument, config: AppConfig | undefined): Promise<void>;
  /** Makes, opens or fetches, with progress. */
  make(certificate: ChosenCertificate, keyFrom: KeyFromArgument, config: AppConfig): Promise<MadeMaterial>;
}

export function createMaterials(run: Run<'setUp'>, services: Services): Materials {
  const kept = new Map<string, MadeMaterial>();
  // Without a proof this account need not be allowed what the app's own identity is.
  const checksSigning = run.options.prove ?? run.options.register ?? true;
  const fetch = async (certificate: ChosenInVault & { kind: 'vault' }, keyFrom: KeyFromArgument) => {
    const name = JSON.stringify([certificate, keyFrom]);
    const known = kept.get(name);
    if (known !== undefined) return known;
    const made = await withProgress(vscode.l10n.t('Reading {0} from Key Vault', certificate.name), (signal) =>
      fromVault(certificate, keyFrom, services, { interactive: true, signal }, { checksSigning }),
    );
    kept.set(name, made);
    return made;
  };
  return {
    async check(certificate, keyFrom, config) {
      if (config !== undefined) await checkRewrite(config, keyFrom, services);
      if (certificate.kind === 'vault') await fetch(certificate, keyFrom);
    },
    async make(certificate, keyFrom, config) {
      if (isInVault(certificate)) {
        // What would be declined after all is not fetched, and not made in the vault to be removed again.
        await checkRewrite(config, keyFrom, services);
        const made =
          certificate.kind === 'vault'
            ? await fetch(certificate, keyFrom)
            : await makeInVault(certificate, keyFrom, services, run);
        return withoutOwnTenant(made, config);
      }
      const material = await withProgress(vscode.l10n.t('Making the certificate'), (signal) =>
        localMaterial(certificate, services, run, signal),
      );
      return { material };
    },
  };
}

/** The vault's tenant is named where it is another than the app's, or not known to be the same. */
function withoutOwnTenant(made: MadeMaterial, config: AppConfig): MadeMaterial {
  if (made.vault?.tenant === undefined) return made;
  const { tenant, ...vault } = made.vault;
  const authority = config.authority?.value ?? '';
  return authority.toLowerCase().includes(`/${tenant.toLowerCase()}`) ? { ...made, vault } : made;
}

async function localMaterial(
  certificate: Exclude<ChosenCertificate, ChosenInVault>,
  services: Services,
  run: Pick<Run<'setUp'>, 'masker'>,
  signal: AbortSignal,
): Promise<CredentialMaterial> {
  if (certificate.kind === 'file') return openCredential(certificate, services);
  const { kind, subject = '', validityDays = 365, keySize = 2048 } = certificate;
  if (kind === 'selfSigned') return services.certificates().selfSigned({ subject, validityDays, keySize, signal });
  const announce = (secret: string) => {
    run.masker.add(secret);
  };
  return makeExternally({ kind, subject, validityDays, keySize }, services, announce, signal);
}
