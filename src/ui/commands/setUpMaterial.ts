/** The certificate of a setup, whatever way it comes: made here, opened from a file, fetched from a vault or made there. */
import * as vscode from 'vscode';
import type { AppConfig, VaultReference } from '../../appConfig/types.ts';
import type { CredentialMaterial } from '../../certificates/types.ts';
import type { SetupMaterial } from '../../setup/index.ts';
import type { KeyFromArgument, SetUpOptions } from '../automation.ts';
import { openCredential } from '../flows/certificateFile.ts';
import { isInVault } from '../flows/inVault.ts';
import type { ChosenInVault } from '../flows/inVault.ts';
import type { ChosenCertificate } from '../flows/setUpFlow.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import { createRewriteChecks } from './checkRewrite.ts';
import { makeExternally } from './external.ts';
import type { Run } from './run.ts';
import { fromVault } from './vaultMaterial.ts';
import type { KeyChecks } from './vaultMaterial.ts';
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
  /** Whether the app can be rewritten in this way, or where it is not chosen yet in any; rejects with the reason. */
  checkApp(config: AppConfig, keyFrom: KeyFromArgument | undefined): Promise<void>;
  /**
   * Whether a certificate of a vault can serve this app in this way; rejects with the reason. What it fetched, `make` does not fetch again.
   */
  check(certificate: ChosenInVault, keyFrom: KeyFromArgument, config: AppConfig | undefined): Promise<void>;
  /** Makes, opens or fetches, with progress. */
  make(certificate: ChosenCertificate, keyFrom: KeyFromArgument, config: AppConfig): Promise<MadeMaterial>;
}

export function createMaterials(run: Run<'setUp'>, services: Services): Materials {
  const kept = new Map<string, MadeMaterial>();
  const checks = keyChecks(run.options);
  const rewrites = createRewriteChecks(services);
  const fetch = async (certificate: ChosenInVault & { kind: 'vault' }, keyFrom: KeyFromArgument) => {
    const name = JSON.stringify([certificate, keyFrom]);
    const known = kept.get(name);
    if (known !== undefined) return known;
    const made = await withProgress(vscode.l10n.t('Reading {0} from Key Vault', certificate.name), (signal) =>
      fromVault(certificate, keyFrom, services, { interactive: run.maySignIn, signal }, checks),
    );
    kept.set(name, made);
    return made;
  };
  return {
    checkApp: (config, keyFrom) => rewrites.check(config, keyFrom),
    async check(certificate, keyFrom, config) {
      if (config !== undefined) await rewrites.check(config, keyFrom);
      if (certificate.kind === 'vault') await fetch(certificate, keyFrom);
    },
    async make(certificate, keyFrom, config) {
      if (isInVault(certificate)) {
        const made =
          certificate.kind === 'vault'
            ? await fetch(certificate, keyFrom)
            : await makeInVault(certificate, keyFrom, services, run, checks);
        return withoutOwnTenant(made, config);
      }
      const material = await withProgress(vscode.l10n.t('Making the certificate'), (signal) =>
        localMaterial(certificate, services, run, signal),
      );
      return { material };
    },
  };
}

/** Where nothing is registered or proven this account need not be allowed what the app's own identity is. */
export function keyChecks({ register = true, prove = register }: Pick<SetUpOptions, 'register' | 'prove'>): KeyChecks {
  return { signing: prove, fetching: register || prove };
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
