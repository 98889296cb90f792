/** Deleting a vault certificate, and what can be done with a deleted one. */
import * as vscode from 'vscode';
import { isExpectedError } from '../../../base/errors.ts';
import type { VaultCertificateDetails } from '../../../azure/types.ts';
import { dayText } from '../../vaultTree/states.ts';
import type { Command } from '../run.ts';
import { confirmPurge } from './conflicts.ts';
import { tellCreated } from './creating.ts';
import { wholeCertificateSchema } from './schemas.ts';
import { changeVault, confirmed, isoTime, resultOf, targetOf } from './target.ts';
import type { Target } from './target.ts';

export const deleteInVault: Command<'deleteInVault'> = {
  schema: wholeCertificateSchema,
  changes: true,
  async run(run, services) {
    const { options, interactive, log } = run;
    const target = await targetOf(run, vscode.l10n.t('Delete in Vault'), {}, services);
    const { client, name } = target;
    if (options.confirm !== false) await confirmDeletion(target);
    const title = vscode.l10n.t('Deleting {0} in {1}', name, client.vault.name);
    const { deleted } = await changeVault(target, title, services, (called) => client.delete(name, called));
    log(`deleted ${name} in ${client.vault.origin}`);
    const scheduledPurge = deleted?.scheduledPurge;
    if (interactive) {
      void vscode.window.showInformationMessage(
        scheduledPurge === undefined
          ? vscode.l10n.t('{0} is deleted from {1}.', name, client.vault.name)
          : vscode.l10n.t(
              '{0} is deleted from {1}. It can be recovered until {2}.',
              name,
              client.vault.name,
              dayText(scheduledPurge),
            ),
      );
    }
    return {
      vault: client.vault.origin,
      name,
      ...(scheduledPurge === undefined ? {} : { scheduledPurge: isoTime(scheduledPurge) }),
    };
  },
};

export const recoverInVault: Command<'recoverInVault'> = {
  schema: wholeCertificateSchema,
  changes: true,
  async run(run, services) {
    const { options, interactive } = run;
    const target = await targetOf(run, vscode.l10n.t('Recover in Vault'), { from: 'deleted' }, services);
    const { client, name } = target;
    if (options.confirm !== false) {
      await confirmed(
        vscode.l10n.t('Recover {0} in {1}?', name, client.vault.name),
        vscode.l10n.t('All its versions and keys are there again, and apps can use them as before.'),
        vscode.l10n.t('Recover'),
      );
    }
    const title = vscode.l10n.t('Recovering {0} in {1}', name, client.vault.name);
    const details = await changeVault(target, title, services, (called) => client.recover(name, called));
    if (interactive) tellCreated(target, details);
    return resultOf(client, details);
  },
};

export const purgeInVault: Command<'purgeInVault'> = {
  schema: wholeCertificateSchema,
  changes: true,
  async run(run, services) {
    const { options, interactive, log } = run;
    const target = await targetOf(run, vscode.l10n.t('Purge in Vault'), { from: 'deleted' }, services);
    const { client, name } = target;
    if (options.confirm !== false) await confirmPurge(target);
    const title = vscode.l10n.t('Purging {0} in {1}', name, client.vault.name);
    await changeVault(target, title, services, (called) => client.purge(name, called));
    log(`purged ${name} in ${client.vault.origin}`);
    if (interactive) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('{0} is gone from {1} for ever.', name, client.vault.name),
      );
    }
    return { vault: client.vault.origin, name };
  },
};

/** Names what stops working, and until when it can be taken back. */
async function confirmDeletion({ client, name, call }: Target): Promise<void> {
  const details = await client.get({ name }, call).catch((error: unknown) => {
    // Whoever may delete may not be allowed to read.
    if (isExpectedError(error) && error.code === 'vault-forbidden') return undefined;
    throw error;
  });
  const stops = vscode.l10n.t(
    'All its versions go, with their private keys. Apps that fetch them from the vault, or have the vault sign, fail from now on; apps with a key file of their own do not.',
  );
  await confirmed(
    vscode.l10n.t('Delete {0} in {1}?', name, client.vault.name),
    [stops, recoverySentence(details)].join('\n\n'),
    vscode.l10n.t('Delete'),
  );
}

function recoverySentence(details: VaultCertificateDetails | undefined): string {
  const days = details?.recoverableDays;
  if (details?.recoveryLevel === 'Purgeable') {
    return vscode.l10n.t('This vault keeps nothing that is deleted: it cannot be recovered.');
  }
  return days === undefined
    ? vscode.l10n.t('It can be recovered until the retention of the vault ends; until then its name stays taken.')
    : vscode.l10n.t('It can be recovered for {0} days; until then its name stays taken.', days);
}
