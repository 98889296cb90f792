/** Renew in Vault: a new version with the certificate's own policy. */
import * as vscode from 'vscode';
import type { Command } from '../run.ts';
import { awaitCreation } from './creating.ts';
import { renewInVaultSchema } from './schemas.ts';
import { confirmed, targetOf } from './target.ts';
import { assertFree } from './where.ts';

export const renewInVault: Command<'renewInVault'> = {
  schema: renewInVaultSchema,
  changes: true,
  async run(run, services) {
    const { options, interactive, log } = run;
    const { csrFile, waitSeconds, confirm } = options;
    if (csrFile !== undefined) await assertFree(csrFile, services);
    const wish = { filter: ({ pending }: { readonly pending?: boolean }) => pending !== true };
    const target = await targetOf(run, vscode.l10n.t('Renew in Vault'), wish, services);
    const { client, name } = target;
    if (confirm !== false) {
      await confirmed(
        vscode.l10n.t('Make a new version of {0} in {1}?', name, client.vault.name),
        vscode.l10n.t(
          'It has another thumbprint. Apps that use a fixed version go on with that one. Apps that take the newest version fail when they start next, unless its public part is in their app registration by then.',
        ),
        vscode.l10n.t('Make a New Version'),
      );
    }
    const title = vscode.l10n.t('Renewing {0} in {1}', name, client.vault.name);
    const result = await awaitCreation(
      { target, title, csrFile, waitSeconds, interactive, start: (waiting) => client.renew(name, waiting) },
      services,
    );
    log(`${name} in ${client.vault.origin}: ${result.status}`);
    return result;
  },
};
