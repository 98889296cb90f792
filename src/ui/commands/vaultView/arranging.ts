/** How the view is arranged: filter, order, groups, what is hidden; and its rows as data. */
import * as vscode from 'vscode';
import { CancelledError, ExpectedError } from '../../../base/errors.ts';
import type { ListVaultCertificatesResult, ListedVaultCertificate } from '../../automation/vaultView.ts';
import type { CommandName } from '../../../contributions.ts';
import { vaultView } from '../../../contributions.ts';
import { withProgress } from '../../progress.ts';
import { back } from '../../questions.ts';
import type { Choice } from '../../questions.ts';
import type { Services } from '../../services.ts';
import { rowsOf } from '../../vaultTree/arrange.ts';
import type { Row } from '../../vaultTree/arrange.ts';
import type { Arrangement } from '../../vaultTree/remembered.ts';
import { stateText } from '../../vaultTree/states.ts';
import { vaultOf } from '../vault/target.ts';
import type { Command } from '../run.ts';
import { filterSchema, groupSchema, listSchema, sortSchema } from '../schemas.vaultView.ts';

export const filterVaultCertificates: Command<'filterVaultCertificates'> = {
  schema: filterSchema,
  changes: false,
  fromItem: () => ({}),
  async run({ options, interactive }, services) {
    const { vaultTree, questions } = services;
    let { text } = options;
    if (text === undefined) {
      const answer = await questions.text({
        title: vscode.l10n.t('Filter Certificates'),
        prompt: vscode.l10n.t('Words in name, vault, tags or SHA-1 thumbprint; empty shows all'),
        value: vaultTree.tree.filter,
      });
      if (answer === back) throw new CancelledError();
      text = answer;
    }
    await vaultTree.filter(text);
    if (interactive) await vscode.commands.executeCommand(`${vaultView}.focus`);
    return { text: vaultTree.tree.filter };
  },
};

export const clearVaultFilter: Command<'clearVaultFilter'> = {
  schema: {},
  changes: false,
  fromItem: () => ({}),
  async run(_run, { vaultTree }) {
    await vaultTree.filter('');
    await vaultTree.arrange({ onlyExpiring: false });
    return {};
  },
};

export const sortVaultCertificates: Command<'sortVaultCertificates'> = {
  schema: sortSchema,
  changes: false,
  fromItem: () => ({}),
  async run({ options }, services) {
    const by =
      options.by ??
      (await choose<'name' | 'expiry'>(
        services,
        vscode.l10n.t('Sort Certificates'),
        [
          { value: 'name', label: vscode.l10n.t('By Name'), icon: 'case-sensitive' },
          { value: 'expiry', label: vscode.l10n.t('By Expiry'), icon: 'clock' },
        ],
        services.vaultTree.remembered.arrangement().sortBy,
      ));
    await services.vaultTree.arrange({ sortBy: by });
    return { by };
  },
};

export const groupVaultCertificates: Command<'groupVaultCertificates'> = {
  schema: groupSchema,
  changes: false,
  fromItem: () => ({}),
  async run({ options }, services) {
    const by =
      options.by ??
      (await choose<'vault' | 'expiry'>(
        services,
        vscode.l10n.t('Group Certificates'),
        [
          { value: 'vault', label: vscode.l10n.t('By Vault'), icon: 'archive' },
          { value: 'expiry', label: vscode.l10n.t('By Expiry'), icon: 'clock' },
        ],
        services.vaultTree.remembered.arrangement().groupBy,
      ));
    await services.vaultTree.arrange({ groupBy: by });
    return { by };
  },
};

async function choose<T>(services: Services, title: string, choices: readonly Choice<T>[], current: T): Promise<T> {
  const answer = await services.questions.pick<T>({
    title,
    placeholder: vscode.l10n.t('In which order?'),
    choices: choices.map((choice) =>
      choice.value === current ? { ...choice, description: vscode.l10n.t('now') } : choice,
    ),
    active: choices.findIndex(({ value }) => value === current),
  });
  if (answer === back) throw new CancelledError();
  return answer;
}

type Toggle = Extract<
  CommandName,
  'showOnlyExpiring' | 'showAllCertificates' | 'showDeletedCertificates' | 'hideDeletedCertificates'
>;

function toggle<N extends Toggle>(change: Partial<Arrangement>): Command<N> {
  return {
    schema: {},
    changes: false,
    fromItem: () => ({}),
    async run(_run: unknown, { vaultTree }: Services) {
      await vaultTree.arrange(change);
      return {};
    },
  };
}

export const showOnlyExpiring = toggle<'showOnlyExpiring'>({ onlyExpiring: true });
export const showAllCertificates = toggle<'showAllCertificates'>({ onlyExpiring: false });
export const showDeletedCertificates = toggle<'showDeletedCertificates'>({ showDeleted: true });
export const hideDeletedCertificates = toggle<'hideDeletedCertificates'>({ showDeleted: false });

/** From the palette it shows the view; with options it waits until everything is read. */
export const listVaultCertificates: Command<'listVaultCertificates'> = {
  schema: listSchema,
  changes: false,
  fromItem: () => ({}),
  async run(run, services) {
    const { options, interactive } = run;
    const { vaultTree } = services;
    const { store } = vaultTree;
    if (interactive) await vscode.commands.executeCommand(`${vaultView}.focus`);
    const one = options.vault === undefined ? undefined : await vaultOf(run, '', services);
    await withProgress(vscode.l10n.t('Reading the certificates'), async (signal) => {
      if (one === undefined) await store.start();
      else if (!store.records.has(one.vault.origin)) await store.refreshVault(one.vault.origin);
      // Whoever cancels stops waiting; the view goes on with what it reads.
      await Promise.race([one === undefined ? store.idle() : store.complete(one.vault.origin), aborted(signal)]);
    });
    const { searchProblem, records } = store;
    if (one === undefined && searchProblem !== undefined && records.size === 0) {
      throw new ExpectedError(searchProblem.code, searchProblem.message);
    }
    const now = services.setupPorts.clock.now();
    const wanted = [...records.values()].filter(({ vault }) => one === undefined || vault.origin === one.vault.origin);
    const rows = rowsOf(wanted, {
      groupBy: 'vault',
      sortBy: options.sortBy ?? 'name',
      onlyExpiring: options.onlyExpiring ?? false,
      showDeleted: false,
      filter: options.filter ?? '',
      thresholds: vaultTree.thresholds(),
      now,
    });
    return { certificates: rows.map((row) => listedOf(row, now)), problems: problemsOf(services, wanted) };
  },
};

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function listedOf({ record: { vault }, certificate, state }: Row, now: number): ListedVaultCertificate {
  const { name, enabled, notBefore, expires, thumbprintSha1, tags } = certificate;
  return {
    vault: vault.origin,
    vaultName: vault.name,
    name,
    state: state as ListedVaultCertificate['state'],
    stateText: stateText(certificate, state, now),
    enabled,
    ...(notBefore === undefined ? {} : { notBefore: new Date(notBefore).toISOString() }),
    ...(expires === undefined ? {} : { notAfter: new Date(expires).toISOString() }),
    ...(thumbprintSha1 === undefined ? {} : { thumbprintSha1 }),
    tags: { ...tags },
  };
}

function problemsOf(
  { vaultTree: { store } }: Services,
  wanted: readonly {
    readonly vault: { readonly name: string };
    readonly problem?: { code: string; message: string } | undefined;
  }[],
): ListVaultCertificatesResult['problems'] {
  const ofVaults = wanted.flatMap(({ vault: { name }, problem }) =>
    problem === undefined ? [] : [{ name, code: problem.code, message: problem.message }],
  );
  const ofTenants = (store.found?.problems ?? []).map(({ tenant, code, message }) => ({
    name: tenant.displayName ?? tenant.domain ?? tenant.id,
    code,
    message,
  }));
  const { searchProblem: search } = store;
  const ofSearch =
    search === undefined ? [] : [{ name: vscode.l10n.t('Other vaults'), code: search.code, message: search.message }];
  return [...ofVaults, ...ofTenants, ...ofSearch];
}
