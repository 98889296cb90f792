/** Vaults in the view: added by hand, removed again, pinned, read anew. */
import * as vscode from 'vscode';
import { CancelledError, ExpectedError, isExpectedError } from '../../../base/errors.ts';
import type { Vault } from '../../../azure/types.ts';
import type { VaultResult } from '../../automation/vaultView.ts';
import { vaultView } from '../../../contributions.ts';
import { withProgress } from '../../progress.ts';
import { back } from '../../questions.ts';
import type { TextProblem } from '../../questions.ts';
import type { Services } from '../../services.ts';
import { vaultOf } from '../vault/target.ts';
import type { Command } from '../run.ts';
import { vaultCertificateSchema, vaultSchema } from '../schemas.vaultView.ts';

export const addVault: Command<'addVault'> = {
  schema: vaultSchema,
  changes: false,
  fromItem: () => ({}),
  async run({ options, interactive }, services) {
    const { vaultTree } = services;
    const input = options.vault ?? (await askAddress(services));
    // A name of a custom cloud is known to Resource Manager only; what the view has found counts too.
    const vault = vaultTree.store.vaultOf(input);
    await vaultTree.store.add(vault);
    if (interactive) {
      await vscode.commands.executeCommand(`${vaultView}.focus`);
      await vaultTree.view.reveal(vault.origin);
    }
    return resultOf(vault);
  },
};

async function askAddress(services: Services): Promise<string> {
  const validate = (value: string): TextProblem | undefined => {
    try {
      services.vaultTree.store.vaultOf(value);
      return undefined;
    } catch (error) {
      if (!isExpectedError(error)) throw error;
      return { message: error.message, severity: 'error' };
    }
  };
  const answer = await services.questions.text({
    title: vscode.l10n.t('Add Vault'),
    prompt: vscode.l10n.t('Name or address of the vault'),
    placeholder: vscode.l10n.t('for example contoso-web or https://contoso-web.vault.azure.net'),
    validate,
    validateOnAccept: true,
  });
  if (answer === back) throw new CancelledError();
  return answer;
}

export const removeVault: Command<'removeVault'> = {
  schema: vaultSchema,
  changes: false,
  async run({ options }, services) {
    const { store, remembered } = services.vaultTree;
    const vault =
      options.vault === undefined
        ? await pickVault(services, {
            title: vscode.l10n.t('Remove Vault'),
            of: remembered.added(),
            none: () =>
              new ExpectedError(
                'vault-not-added',
                vscode.l10n.t(
                  'No vault was added by hand, so there is none to remove. Vaults of your subscriptions are always listed.',
                ),
              ),
          })
        : store.vaultOf(options.vault);
    if (!(await store.remove(vault.origin))) {
      throw new ExpectedError(
        'vault-not-added',
        vscode.l10n.t(
          'The vault {0} was not added by hand, so it cannot be removed from the list: it is in one of your subscriptions.',
          vault.name,
        ),
      );
    }
    return resultOf(vault);
  },
};

function pinning<N extends 'pinVault' | 'unpinVault'>(pinned: boolean): Command<N> {
  return {
    schema: vaultSchema,
    changes: false,
    async run({ options }: { options: { vault?: string } }, services: Services) {
      const { store, remembered, view } = services.vaultTree;
      const before = remembered.pinned();
      const vault =
        options.vault !== undefined
          ? store.vaultOf(options.vault)
          : await pickVault(services, {
              title: pinned ? vscode.l10n.t('Pin Vault') : vscode.l10n.t('Unpin Vault'),
              of: (await listedVaults(services)).filter(({ origin }) => before.has(origin) !== pinned),
              none: () =>
                new ExpectedError(
                  'no-vault-listed',
                  pinned
                    ? vscode.l10n.t('There is no vault to pin. Sign in, or add one by its name.')
                    : vscode.l10n.t('No vault is pinned.'),
                ),
            });
      const others = [...before].filter((origin) => origin !== vault.origin);
      await remembered.setPinned(pinned ? [...others, vault.origin] : others);
      view.redraw();
      return resultOf(vault);
    },
  };
}

export const pinVault = pinning<'pinVault'>(true);
export const unpinVault = pinning<'unpinVault'>(false);

export const refreshVaults: Command<'refreshVaults'> = {
  schema: {},
  changes: false,
  fromItem: () => ({}),
  async run({ interactive }, services) {
    const { store } = services.vaultTree;
    const reading = store.search === 'unread' ? store.start() : store.refresh();
    if (!interactive) {
      await reading;
      await store.idle();
    }
    return {};
  },
};

export const refreshVaultItem: Command<'refreshVaultItem'> = {
  schema: vaultCertificateSchema,
  changes: false,
  async run(run, services) {
    const { options } = run;
    const { store } = services.vaultTree;
    const { origin } =
      options.vault === undefined
        ? (await vaultOf(run, vscode.l10n.t('Refresh Vault'), services)).vault
        : store.vaultOf(options.vault);
    const { name } = options;
    if (name === undefined) await store.refreshVault(origin);
    else {
      await withProgress(vscode.l10n.t('Reading {0}', name), () => store.refreshCertificate(origin, name));
    }
    return {};
  },
};

/** All vaults of the view, once the search has ended. */
async function listedVaults(services: Services): Promise<Vault[]> {
  const { store } = services.vaultTree;
  await withProgress(vscode.l10n.t('Looking for vaults'), async () => {
    await store.start();
  });
  return [...store.records.values()].map(({ vault }) => vault);
}

interface Wish {
  readonly title: string;
  readonly of: readonly Pick<Vault, 'name' | 'origin'>[];
  /** What is wrong when there is none. */
  readonly none: () => Error;
}

async function pickVault(services: Services, { title, of, none }: Wish): Promise<Pick<Vault, 'name' | 'origin'>> {
  if (of.length === 0) throw none();
  const answer = await services.questions.pick({
    title,
    placeholder: vscode.l10n.t('Which vault?'),
    choices: of.map((vault) => ({ label: vault.name, description: vault.origin, icon: 'archive', value: vault })),
  });
  if (answer === back) throw new CancelledError();
  return answer;
}

function resultOf({ name, origin }: Pick<Vault, 'name' | 'origin'>): VaultResult {
  return { name, address: origin };
}
