/** The tree over the store: which nodes there are, in which order, and how each looks. Knows no editor. */
import * as l10n from '@vscode/l10n';
import { compareNames, countActions, groupsOf, rowsOf, wordsOf } from './arrange.ts';
import type { Row, Sieve } from './arrange.ts';
import { certificateItem, groupItem, moreItem, problemItem, vaultItem, versionItem } from './items.ts';
import type { Item } from './items.ts';
import { certificateNode, vaultNode, versionNode } from './nodes.ts';
import type { CertificateNode, GroupNode, MoreNode, ProblemNode, VaultNode, VaultTreeNode } from './nodes.ts';
import { createProblems } from './problems.ts';
import type { ProblemFacts, Welcome } from './problems.ts';
import { keyOf, problemOf } from './records.ts';
import type { VaultRecord } from './records.ts';
import type { Remembered } from './remembered.ts';
import { stateOf, urgencies } from './states.ts';
import type { Thresholds, Urgency } from './states.ts';
import type { VaultStore } from './store.ts';

/** Rows of one list that are drawn at first, and with each "Show More": VS Code draws what it is given at once. */
const firstRows = 250;
const moreRows = 1_000;

export interface TreePorts {
  readonly store: VaultStore;
  readonly remembered: Remembered;
  thresholds(): Thresholds;
  /** ms since the epoch */
  now(): number;
}

export type { Welcome } from './problems.ts';

export interface VaultTree {
  /** Words that rows must contain; lives as long as the window. */
  filter: string;
  children(node?: VaultTreeNode): Promise<VaultTreeNode[]>;
  item(node: VaultTreeNode): Item;
  parent(node: VaultTreeNode): VaultTreeNode | undefined;
  /** Lengthens a list; gives its first new row. */
  showMore(node: MoreNode): Promise<VaultTreeNode | undefined>;
  /** All rows that filter and arrangement leave, of what is loaded. */
  rows(): Row[];
  row(node: CertificateNode): Row | undefined;
  /** The node to redraw when this vault changes; undefined for the whole tree. */
  nodeOf(origin: string): VaultNode | undefined;
  welcome(): Welcome;
  /** Certificates of all vaults that need action. */
  actions(): number;
  /** Forgets nodes and how far lists were lengthened. */
  reset(): void;
}

export function createVaultTree(ports: TreePorts): VaultTree {
  const { store, remembered } = ports;
  const nodes = new Map<string, VaultTreeNode>();
  const shown = new Map<string, number>();
  const parents = new Map<string, VaultTreeNode>();
  /** Sorting ten thousand rows takes a while: kept until something changes. */
  const sorted = new Map<string, { readonly key: string; readonly rows: Row[] }>();
  let filter = '';

  const sieve = (): Sieve => ({
    ...remembered.arrangement(),
    filter,
    thresholds: ports.thresholds(),
    now: ports.now(),
  });
  const isSifted = ({ onlyExpiring }: Sieve): boolean => onlyExpiring || wordsOf(filter).length > 0;
  const kept = (name: string, records: readonly VaultRecord[], by: Sieve): Row[] => {
    const revisions = records.map(({ vault, revision }) => `${vault.origin} ${revision}`);
    // Within an hour the state of a certificate counts as the same.
    const key = JSON.stringify([{ ...by, now: Math.floor(by.now / 3_600_000) }, revisions]);
    const known = sorted.get(name);
    if (known?.key === key) return known.rows;
    const rows = rowsOf(records, by);
    sorted.set(name, { key, rows });
    return rows;
  };
  const vaultRows = (record: VaultRecord, by: Sieve): Row[] => kept(record.vault.origin, [record], by);
  const allRows = (by: Sieve): Row[] => kept('', [...store.records.values()], by);
  const groupRows = (urgency: Urgency): Row[] => groupsOf(allRows(sieve()), urgencies).get(urgency) ?? [];

  /** VS Code knows elements by identity: the same node is always the same object. */
  const same = <N extends VaultTreeNode>(node: N, parent?: VaultTreeNode): N => {
    const known = nodes.get(node.id);
    if (known === undefined) nodes.set(node.id, node);
    if (parent === undefined) parents.delete(node.id);
    else parents.set(node.id, parent);
    return (known ?? node) as N;
  };
  const problem = (node: ProblemFacts): ProblemNode => {
    const made: ProblemNode = {
      ...node,
      kind: 'problem',
      commandOptions: node.signIn ?? {},
    };
    // Its words may have changed since it was shown last.
    nodes.set(made.id, made);
    return same(made, node.parent);
  };

  const problems = createProblems(store, problem);

  const roots = (): VaultTreeNode[] => {
    const by = sieve();
    const list: VaultTreeNode[] =
      by.groupBy === 'expiry'
        ? [...groupsOf(allRows(by), urgencies).keys()].map((urgency): GroupNode =>
            same({ kind: 'group', id: `group:${urgency}`, urgency }),
          )
        : vaultRoots(by);
    return [...list, ...(by.groupBy === 'expiry' ? problems.ofVaults() : []), ...problems.ofSearch()];
  };
  const vaultRoots = (by: Sieve): VaultNode[] => {
    const pinned = remembered.pinned();
    const isEmpty = (record: VaultRecord) => isSifted(by) && vaultRows(record, by).length === 0;
    return [...store.records.values()]
      .filter((record) => !isEmpty(record) || record.problem !== undefined)
      .sort(
        (a, b) =>
          // What could not be looked through comes below what was found.
          Number(isEmpty(a)) - Number(isEmpty(b)) ||
          Number(pinned.has(b.vault.origin)) - Number(pinned.has(a.vault.origin)) ||
          compareNames(a.vault.name, b.vault.name),
      )
      .map(({ vault }) => same(vaultNode(vault.origin)));
  };
  const list = (parent: VaultNode | GroupNode, rows: readonly Row[]): VaultTreeNode[] => {
    const count = shown.get(parent.id) ?? firstRows;
    const drawn = rows
      .slice(0, count)
      .map(({ record, certificate: { name, deleted } }) =>
        same(certificateNode(record.vault.origin, name, deleted !== undefined), parent),
      );
    if (rows.length <= count) return drawn;
    return [...drawn, same<MoreNode>({ kind: 'more', id: `more:${parent.id}`, of: parent }, parent)];
  };
  const vaultChildren = async (node: VaultNode): Promise<VaultTreeNode[]> => {
    await store.firstRows(node.origin);
    const record = store.records.get(node.origin);
    if (record === undefined) return [];
    const by = sieve();
    const rows = list(node, vaultRows(record, by));
    if (!by.showDeleted || record.deletedProblem === undefined) return rows;
    const { message } = record.deletedProblem;
    const label = l10n.t('Deleted certificates');
    return [...rows, problem({ id: `problem:deleted ${node.origin}`, label, message, parent: node })];
  };
  const versionNodes = async (node: CertificateNode): Promise<VaultTreeNode[]> => {
    try {
      const versions = await store.versions(node.origin, node.name);
      return versions.flatMap(({ version }) =>
        version === undefined ? [] : same(versionNode(node.origin, node.name, version), node),
      );
    } catch (error) {
      const { message } = problemOf(error);
      return [problem({ id: `problem:versions ${node.id}`, label: l10n.t('Versions'), message, parent: node })];
    }
  };
  const rowOf = ({ origin, name, deleted }: CertificateNode): Row | undefined => {
    const record = store.records.get(origin);
    const certificate = (deleted ? record?.deleted : record?.live)?.get(keyOf(name));
    if (record === undefined || certificate === undefined) return undefined;
    return { record, certificate, state: stateOf(certificate, ports.thresholds(), ports.now()) };
  };

  const tree: VaultTree = {
    get filter() {
      return filter;
    },
    set filter(text) {
      filter = text;
      shown.clear();
    },
    async children(node) {
      switch (node?.kind) {
        case undefined:
          await store.start();
          return roots();
        case 'vault':
          return vaultChildren(node);
        case 'group':
          return list(node, groupRows(node.urgency));
        case 'certificate':
          return versionNodes(node);
        default:
          return [];
      }
    },
    item(node) {
      const now = ports.now();
      const thresholds = ports.thresholds();
      switch (node.kind) {
        case 'vault': {
          const record = store.records.get(node.origin);
          if (record === undefined) return gone(node.origin);
          const by = sieve();
          return vaultItem({
            record,
            pinned: remembered.pinned().has(node.origin),
            ...(isSifted(by) ? { matching: vaultRows(record, by).length } : {}),
            expanded: store.records.size === 1 || isSifted(by),
            thresholds,
            now,
          });
        }
        case 'certificate': {
          const row = rowOf(node);
          if (row === undefined) return gone(node.name);
          return certificateItem(row, remembered.arrangement().groupBy === 'expiry', now);
        }
        case 'version': {
          const versions = store.knownVersions(node.origin, node.name) ?? [];
          const index = versions.findIndex(({ version }) => version === node.version);
          const version = versions[index];
          if (version === undefined) return gone(node.version);
          return versionItem(version, stateOf(version, thresholds, now), index === 0, now);
        }
        case 'group':
          return groupItem(node.urgency, groupRows(node.urgency).length);
        case 'more': {
          const all = node.of.kind === 'group' ? groupRows(node.of.urgency).length : matchingOf(node.of);
          return moreItem(shown.get(node.of.id) ?? firstRows, all);
        }
        case 'problem':
          return problemItem(node);
      }
    },
    parent: (node) => parents.get(node.id),
    async showMore({ of }) {
      const before = shown.get(of.id) ?? firstRows;
      shown.set(of.id, before + moreRows);
      return (await tree.children(of))[before];
    },
    rows: () => allRows(sieve()),
    row: rowOf,
    nodeOf(origin) {
      if (remembered.arrangement().groupBy === 'expiry' || isSifted(sieve())) return undefined;
      const node = nodes.get(vaultNode(origin).id);
      return node?.kind === 'vault' && store.records.has(origin) ? node : undefined;
    },
    welcome() {
      const search = problems.welcome();
      if (search !== 'none' || store.records.size === 0 || store.isBusy()) return search;
      const by = sieve();
      // Nobody knows whether what could not be read would match.
      if ([...store.records.values()].some(({ problem }) => problem !== undefined)) return 'none';
      return isSifted(by) && allRows(by).length === 0 ? 'noMatch' : 'none';
    },
    actions() {
      const thresholds = ports.thresholds();
      const now = ports.now();
      return [...store.records.values()].reduce((sum, record) => sum + countActions(record, thresholds, now), 0);
    },
    reset() {
      nodes.clear();
      shown.clear();
      parents.clear();
      sorted.clear();
    },
  };
  function matchingOf({ origin }: VaultNode): number {
    const record = store.records.get(origin);
    return record === undefined ? 0 : vaultRows(record, sieve()).length;
  }
  return tree;
}

/** A node of before a change, asked for once more before the tree is drawn anew. */
function gone(label: string): Item {
  return { label, icon: 'circle-outline', children: 'none', contextValue: 'problem', spoken: label };
}
