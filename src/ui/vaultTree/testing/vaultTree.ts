/** The tree over the azure room and a sandbox, as a view would use it. */
import type { Sandbox } from '../../../../test/sandbox/sandbox.ts';
import { azureOf } from '../../../azure/testing/azure.ts';
import type { TestAzure, TestEditor } from '../../../azure/testing/azure.ts';
import type { Item } from '../items.ts';
import type { VaultTreeNode } from '../nodes.ts';
import { createRemembered } from '../remembered.ts';
import type { Memory, Remembered } from '../remembered.ts';
import { createVaultStore } from '../store.ts';
import type { StoreChange, VaultStore } from '../store.ts';
import { createVaultTree } from '../tree.ts';
import type { VaultTree } from '../tree.ts';

export interface TestTree {
  readonly azure: TestAzure;
  readonly store: VaultStore;
  readonly tree: VaultTree;
  readonly remembered: Remembered;
  readonly changes: StoreChange[];
  /** Waits until nothing is loading. */
  readonly settled: () => Promise<void>;
  /** The child with this label. */
  readonly child: (label: string, of?: VaultTreeNode) => Promise<VaultTreeNode>;
  /** "label: description" of the children. */
  readonly rows: (of?: VaultTreeNode) => Promise<string[]>;
  readonly item: (node: VaultTreeNode) => Item;
}

export function memoryOf(values: Record<string, unknown> = {}): Memory {
  return {
    get: (key) => values[key],
    update: (key, value) => {
      // As VS Code keeps it: as JSON.
      values[key] = value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
      return Promise.resolve();
    },
  };
}

export function treeOf(
  sandbox: Sandbox,
  options: { memory?: Memory; editor?: TestEditor; report?: (error: unknown) => void } = {},
): TestTree {
  const azure = azureOf(sandbox, {}, options.editor);
  const remembered = createRemembered(options.memory ?? memoryOf());
  const changes: StoreChange[] = [];
  const store = createVaultStore({
    azure: () => azure,
    tenants: () => [],
    remembered,
    report:
      options.report ??
      ((error) => {
        throw error;
      }),
  });
  store.onDidChange((change) => changes.push(change));
  const tree = createVaultTree({
    store,
    remembered,
    thresholds: () => ({ days: 30, urgentDays: 7, percent: 90 }),
    now: () => sandbox.clock.now(),
  });
  const rows = async (of?: VaultTreeNode): Promise<string[]> =>
    (await tree.children(of)).map((node) => {
      const { label, description = '' } = tree.item(node);
      return `${label}: ${description}`;
    });
  return {
    azure,
    store,
    tree,
    remembered,
    changes,
    settled: async () => {
      await store.start();
      await store.idle();
    },
    async child(label, of) {
      const found = (await tree.children(of)).find((node) => tree.item(node).label === label);
      if (found === undefined) throw new Error(`There is no "${label}" among: ${(await rows(of)).join(' | ')}`);
      return found;
    },
    rows,
    item: (node) => tree.item(node),
  };
}
