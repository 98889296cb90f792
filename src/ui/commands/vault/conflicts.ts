/** Names that are taken: which way out is open to a caller, and taking it. */
import * as vscode from 'vscode';
import { CancelledError } from '../../../base/errors.ts';
import type { VaultClient } from '../../../azure/types.ts';
import { askVaultName, conflictError, nameState } from '../../flows/vaultName.ts';
import type { NameAnswer, NameConflict } from '../../flows/vaultName.ts';
import { back } from '../../questions.ts';
import type { Services } from '../../services.ts';
import { changeVault, confirmed, vaultCall } from './target.ts';
import type { Target, VaultRun } from './target.ts';

/** Which way out belongs to which state of the name. */
const fits: Readonly<Record<'taken' | 'pending' | 'deleted', readonly NameConflict[]>> = {
  taken: ['newVersion'],
  pending: ['cancelPending'],
  deleted: ['recover', 'purge'],
};

/** The name that the options give, looked up in the vault; asked where they give none. Rejects as {@link conflictError}. */
export async function givenName(
  client: VaultClient,
  run: VaultRun<{ readonly name?: string; readonly onConflict?: NameConflict }>,
  offers: readonly NameConflict[],
  title: string,
  services: Services,
): Promise<NameAnswer> {
  const { name, onConflict } = run.options;
  if (name === undefined) {
    const frame = { title, step: 1, totalSteps: 1, canGoBack: false };
    const { questions, setupPorts } = services;
    const answer = await askVaultName(client, questions, frame, '', setupPorts.clock, offers);
    if (answer === back) throw new CancelledError();
    return answer;
  }
  const state = await nameState(client, name, vaultCall(run));
  if (state === 'free' || state === 'unknown') return { name };
  if (onConflict === undefined || !offers.includes(onConflict) || !fits[state].includes(onConflict)) {
    throw conflictError(name, state, client);
  }
  return { name, conflict: onConflict };
}

/** Makes the name free where the way out says so; what is gone for ever is confirmed first. */
export async function freeName(
  target: Target,
  conflict: NameConflict | undefined,
  confirm: boolean | undefined,
  services: Services,
): Promise<void> {
  const { client, name } = target;
  if (conflict === 'purge') {
    if (confirm !== false) await confirmPurge(target);
    await changeVault(target, vscode.l10n.t('Purging {0} in {1}', name, client.vault.name), services, (options) =>
      client.purge(name, options),
    );
  } else if (conflict === 'cancelPending') {
    await changeVault(target, vscode.l10n.t('Cancelling the creation of {0}', name), services, (options) =>
      client.cancelCreation(name, options),
    );
  }
}

export async function confirmPurge({ client, name }: Target): Promise<void> {
  await confirmed(
    vscode.l10n.t('Purge {0} in {1} for ever?', name, client.vault.name),
    vscode.l10n.t(
      'All its versions and their private keys are removed from the vault and cannot be recovered by anybody. Apps that used them need another certificate.',
    ),
    vscode.l10n.t('Purge for Ever'),
  );
}
