/**
 * A certificate that a vault makes for this setup. The plan needs its thumbprint, so it is made before the review, which says so; when
 * the setup is not applied after all, it is deleted and purged again. Only a name that is free is taken: a new version of an
 * existing certificate could not be taken back.
 */
import * as vscode from 'vscode';
import { ExpectedError, isCancelled, isExpectedError, throwIfCancelled } from '../../base/errors.ts';
import type {
  CallOptions,
  CreationState,
  VaultCertificateDetails,
  VaultClient,
  VaultPolicy,
} from '../../azure/types.ts';
import { isVaultKind } from '../../setup/index.ts';
import type { KeyFromArgument, NewVaultCertificateChoice } from '../automation.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import { openVault } from '../vaults/openVault.ts';
import type { Run } from './run.ts';
import type { MadeMaterial } from './setUpMaterial.ts';
import { checkFetching, checkSigning, openFetched, referenceOf } from './vaultMaterial.ts';
import type { KeyChecks } from './vaultMaterial.ts';
import { policyOf } from './vault/policyOptions.ts';

/**
 * Creates the certificate, with progress; Cancel cancels in the vault.
 * Rejects with `certificate-exists`, `issuer-needs-merge`, and the codes of creating and fetching.
 */
export async function makeInVault(
  chosen: NewVaultCertificateChoice,
  keyFrom: KeyFromArgument,
  services: Services,
  run: Pick<Run<'setUp'>, 'log' | 'interactive' | 'maySignIn'>,
  checks: KeyChecks,
): Promise<MadeMaterial> {
  const { name } = chosen;
  const call = { interactive: run.maySignIn };
  if (chosen.issuer === 'Unknown') throw needsMerge(name);
  const signs = keyFrom === 'keyVaultSign';
  if (chosen.exportable === false && !signs) throw keyStays(name);
  const client = await openVault(services, chosen.vault, call);
  await refuseTaken(client, name, call);
  let version: string | undefined;
  const takeBack = () => removeAgain(client, name, version, services, run);
  try {
    return await withProgress(vscode.l10n.t('Creating {0} in Key Vault', name), async (signal, report) => {
      // A key that only signs has no reason to leave the vault, ever.
      const wanted = signs ? { ...chosen, exportable: chosen.exportable ?? false } : chosen;
      const details = await create(client, name, policyOf(wanted, services), { ...call, signal, report });
      ({ version } = details);
      services.vaultChanges.fire({ vault: client.vault.origin, name });
      // The service was faster than the cancellation.
      throwIfCancelled(signal);
      const notice = vscode.l10n.t('The vault {0} has made {1}. Cancel removes it again.', client.vault.name, name);
      const made = { notice, takeBack };
      if (isVaultKind(keyFrom)) {
        const material = await services.certificates().openPublic(details.certificateDer ?? new Uint8Array());
        if (signs && checks.signing) await checkSigning(details, client, { ...call, signal });
        if (!signs && checks.fetching) await checkFetching(details, client, services, { ...call, signal });
        return { ...made, material, vault: referenceOf(client, details, false) };
      }
      const fetched = await client.fetchCredential(details, { ...call, signal });
      return { ...made, material: await openFetched(fetched, client, services) };
    });
  } catch (error) {
    if (version !== undefined || leavesShell(error)) await takeBack();
    throw error;
  }
}

async function create(
  client: VaultClient,
  name: string,
  policy: Partial<VaultPolicy>,
  { report, ...options }: CallOptions & { readonly report: (message: string) => void },
): Promise<VaultCertificateDetails> {
  const outcome = await client.create(
    { name, policy: { ...policy, subject: policy.subject ?? `CN=${name}` } },
    { ...options, onProgress: (state) => report(stateText(state)) },
  );
  if (outcome.status === 'completed') return outcome.certificate;
  throw needsMerge(name);
}

/** A creation that failed or was cancelled leaves a certificate without a version, which keeps the name. Other refusals made nothing. */
function leavesShell(error: unknown): boolean {
  return (
    isCancelled(error) || (isExpectedError(error) && ['creation-failed', 'issuer-needs-merge'].includes(error.code))
  );
}

function stateText({ status, details }: CreationState): string {
  return details ?? status;
}

/** A name that the vault knows would get a new version, which nobody could take back. */
async function refuseTaken(client: VaultClient, name: string, call: CallOptions): Promise<void> {
  try {
    await client.get({ name }, call);
  } catch (error) {
    if (isExpectedError(error) && error.code === 'certificate-not-found') return;
    throw error;
  }
  throw new ExpectedError(
    'certificate-exists',
    vscode.l10n.t(
      'The vault {0} already has a certificate {1}. Choose another name, or use that certificate with "From Key Vault".',
      client.vault.name,
      name,
    ),
  );
}

/** Deletes and purges what this setup made, and only that. Says what could not be removed. */
async function removeAgain(
  client: VaultClient,
  name: string,
  version: string | undefined,
  services: Services,
  run: Pick<Run<'setUp'>, 'log' | 'interactive' | 'maySignIn'>,
): Promise<void> {
  const vault = client.vault.name;
  const call = { interactive: run.maySignIn };
  const title = vscode.l10n.t('Removing {0} from the vault again', name);
  try {
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, async () => {
      const now = await client.get({ name }, call);
      if (now.version !== version) throw changedMeanwhile(name, vault);
      await client.delete(name, call);
      await client.purge(name, call);
    });
    run.log(`removed ${name} from the vault again`);
  } catch (error) {
    // Cancelled before the vault began.
    if (isExpectedError(error) && error.code === 'certificate-not-found') return;
    const reason = error instanceof Error ? error.message : String(error);
    run.log(`could not remove ${name} from the vault again: ${reason}`);
    if (run.interactive) {
      void vscode.window.showWarningMessage(
        vscode.l10n.t('{0} was made in the vault {1} and could not be removed completely. {2}', name, vault, reason),
      );
    }
  } finally {
    services.vaultChanges.fire({ vault: client.vault.origin, name });
  }
}

function changedMeanwhile(name: string, vault: string): ExpectedError {
  return new ExpectedError(
    'certificate-changed',
    vscode.l10n.t('Somebody has made a new version of {0} in {1} meanwhile, so it was left as it is.', name, vault),
  );
}

function needsMerge(name: string): ExpectedError {
  return new ExpectedError(
    'issuer-needs-merge',
    vscode.l10n.t(
      '{0} cannot be made during a setup because its issuer answers with a certificate that has to be merged. Create it in the vault first, merge the answer, then set up the app with it.',
      name,
    ),
  );
}

function keyStays(name: string): ExpectedError {
  return new ExpectedError(
    'key-not-exportable',
    vscode.l10n.t(
      'The private key of {0} would not be exportable, so the app could not get it in this way. Leave "exportable" out, or choose another place of the key.',
      name,
    ),
  );
}
