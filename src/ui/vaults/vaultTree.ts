/** Builds the tree of vaults: store, arrangement and view, and what commands do with them. */
import * as vscode from 'vscode';
import type { AzureParts } from '../../azure/types.ts';
import type { CertificateDescription, Certificates } from '../../certificates/types.ts';
import { settings } from '../../contributions.ts';
import type { AzureAccess } from '../cloud/access.ts';
import type { ContextKeys } from '../contextKeys.ts';
import { tooltipFacts } from '../vaultTree/facts.ts';
import type { Fact } from '../vaultTree/facts.ts';
import { listedOf } from '../vaultTree/listed.ts';
import type { ListedCertificate } from '../vaultTree/listed.ts';
import type { VaultTreeNode } from '../vaultTree/nodes.ts';
import { createRemembered } from '../vaultTree/remembered.ts';
import type { Arrangement, Memory, Remembered } from '../vaultTree/remembered.ts';
import type { Thresholds } from '../vaultTree/states.ts';
import { createVaultStore } from '../vaultTree/store.ts';
import type { VaultStore } from '../vaultTree/store.ts';
import { createVaultTree } from '../vaultTree/tree.ts';
import type { VaultTree } from '../vaultTree/tree.ts';
import { createVaultView } from '../views/vaultTreeView.ts';
import type { RegisteredView, VaultView } from '../views/vaultTreeView.ts';
import type { VaultChanges } from './changes.ts';

export interface VaultTreeTools {
  readonly registered: RegisteredView;
  readonly subscriptions: { dispose(): unknown }[];
  readonly memory: Memory;
  readonly azureAccess: AzureAccess;
  readonly vaultChanges: VaultChanges;
  readonly contextKeys: ContextKeys;
  azure(): AzureParts;
  certificates(): Certificates;
  now(): number;
  report(error: unknown): void;
}

/** The tree as the commands use it. */
export interface VaultTreeService {
  readonly store: VaultStore;
  readonly tree: VaultTree;
  readonly view: VaultView;
  readonly remembered: Remembered;
  thresholds(): Thresholds;
  /** What the view lists now, by expiry; versions where they were opened. For the timeline. */
  listed(): readonly ListedCertificate[];
  /** Called when {@link listed} may have changed. */
  readonly onDidChange: vscode.Event<void>;
  arrange(change: Partial<Arrangement>): Promise<void>;
  filter(text: string): Promise<void>;
  /** What a certificate says of itself; undefined while it is being created. */
  describe(der: Uint8Array | undefined): Promise<CertificateDescription | undefined>;
}

export function createVaultTreeService(tools: VaultTreeTools): VaultTreeService {
  const { azureAccess, contextKeys, subscriptions, vaultChanges } = tools;
  const remembered = createRemembered(tools.memory);
  const store = createVaultStore({
    azure: () => tools.azure(),
    tenants: () => azureAccess.settings().tenants,
    remembered,
    report: (error) => {
      tools.report(error);
    },
  });
  const thresholds = readThresholds;
  const tree = createVaultTree({ store, remembered, thresholds, now: () => tools.now() });
  const describe = async (der: Uint8Array | undefined): Promise<CertificateDescription | undefined> =>
    der === undefined ? undefined : tools.certificates().inspect(der, { now: tools.now() });

  const facts = async (node: VaultTreeNode): Promise<readonly Fact[] | undefined> => {
    if (node.kind !== 'certificate' && node.kind !== 'version') return undefined;
    if (node.kind === 'certificate' && node.deleted) return undefined;
    const version = node.kind === 'version' ? node.version : undefined;
    const details = await store.details(node.origin, node.name, version);
    return tooltipFacts(details, await describe(details.certificateDer));
  };
  const view = createVaultView({ ...tools.registered, tree, store, contextKeys, facts, description });
  const changed = new vscode.EventEmitter<void>();

  function description(): string {
    const { groupBy, sortBy, onlyExpiring } = remembered.arrangement();
    return [
      ...(tree.filter === '' ? [] : [vscode.l10n.t('filter: {0}', tree.filter)]),
      ...(onlyExpiring ? [vscode.l10n.t('expiring only')] : []),
      ...(groupBy === 'expiry' || sortBy === 'expiry' ? [vscode.l10n.t('by expiry')] : []),
    ].join(' · ');
  }
  const redraw = (): void => {
    const { onlyExpiring, showDeleted } = remembered.arrangement();
    void contextKeys.vaultsFiltered(tree.filter !== '');
    void contextKeys.vaultsOnlyExpiring(onlyExpiring);
    void contextKeys.vaultsDeleted(showDeleted);
    view.redraw();
    changed.fire();
  };
  redraw();
  const listening = store.onDidChange(() => {
    changed.fire();
  });
  subscriptions.push(
    view,
    changed,
    { dispose: () => listening.dispose() },
    azureAccess.onDidChange(() => {
      store.reset();
    }),
    vaultChanges.onDidChange(({ vault, name }) => {
      // What nobody has looked at yet is read when somebody does.
      if (!store.records.has(vault)) return;
      const reading = name === undefined ? store.refreshVault(vault) : store.refreshCertificate(vault, name);
      reading.catch(() => {
        store.refreshVault(vault).catch((error: unknown) => {
          tools.report(error);
        });
      });
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('clientCertificate.expiry')) redraw();
    }),
  );

  return {
    store,
    tree,
    view,
    remembered,
    thresholds,
    listed: () => listedOf(tree.rows(), store),
    onDidChange: changed.event,
    async arrange(change) {
      await remembered.setArrangement({ ...remembered.arrangement(), ...change });
      if (change.showDeleted === true) store.loadAllDeleted();
      redraw();
    },
    filter(text) {
      tree.filter = text.trim();
      redraw();
      return Promise.resolve();
    },
    describe,
  };
}

function readThresholds(): Thresholds {
  const configuration = vscode.workspace.getConfiguration();
  const number = (name: string, otherwise: number, most: number): number => {
    const value: unknown = configuration.get(name);
    return typeof value === 'number' && value >= 0 && value <= most ? value : otherwise;
  };
  return {
    days: number(settings.expiryWarningDays, 30, 3650),
    urgentDays: number(settings.expiryUrgentDays, 7, 3650),
    percent: number(settings.expiryWarningPercent, 90, 100),
  };
}
