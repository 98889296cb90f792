/** The view "Vault Certificates": hands the tree of src/ui/vaultTree to VS Code. */
import * as vscode from 'vscode';
import { commands, vaultView } from '../../contributions.ts';
import type { ContextKeys } from '../contextKeys.ts';
import type { Fact } from '../vaultTree/facts.ts';
import type { Item } from '../vaultTree/items.ts';
import { factsMarkdown } from '../vaultTree/markdown.ts';
import type { VaultTreeNode } from '../vaultTree/nodes.ts';
import type { VaultTree } from '../vaultTree/tree.ts';
import type { VaultStore } from '../vaultTree/store.ts';

/** What extension.ts has registered before anything of the tree was loaded. */
export interface RegisteredView {
  readonly view: vscode.TreeView<VaultTreeNode>;
  /** Redraws a node, or the whole tree. */
  readonly changed: vscode.EventEmitter<VaultTreeNode | undefined>;
}

export interface VaultTreeTools extends RegisteredView {
  readonly tree: VaultTree;
  readonly store: VaultStore;
  readonly contextKeys: ContextKeys;
  /** What the tooltip of a certificate says; undefined where there is nothing to say. */
  facts(node: VaultTreeNode, signal: AbortSignal): Promise<readonly Fact[] | undefined>;
  /** How the view is arranged, in a few words; empty for the usual way. */
  description(): string;
}

export interface VaultView {
  readonly provider: Omit<Required<vscode.TreeDataProvider<VaultTreeNode>>, 'onDidChangeTreeData'>;
  /** Everything is drawn anew. */
  redraw(): void;
  /** Opens the view at this vault. */
  reveal(origin: string): Promise<void>;
}

export function createVaultView(tools: VaultTreeTools): VaultView & { dispose(): void } {
  const { view, changed, tree, store, contextKeys } = tools;
  let isShowingProgress = false;

  const showProgress = (): void => {
    if (isShowingProgress || !store.isBusy()) return;
    isShowingProgress = true;
    void vscode.window.withProgress({ location: { viewId: vaultView } }, async () => {
      await store.idle();
      isShowingProgress = false;
      update();
      // After a change of the account something else is being read.
      showProgress();
    });
  };
  const update = (): void => {
    void contextKeys.vaults(tree.welcome());
    const actions = tree.actions();
    view.badge =
      actions === 0
        ? undefined
        : {
            value: actions,
            tooltip:
              actions === 1
                ? vscode.l10n.t('1 certificate needs action')
                : vscode.l10n.t('{0} certificates need action', actions),
          };
    const words = tools.description();
    view.description = words === '' ? undefined : words;
  };
  const lengthen = async (node: VaultTreeNode): Promise<void> => {
    if (node.kind !== 'more') return;
    const first = await tree.showMore(node);
    changed.fire(node.of);
    // Whoever reads by keyboard goes on where the list was cut.
    if (first !== undefined) await view.reveal(first, { select: true, focus: true });
  };
  let drawn = performance.now();
  const listening = vscode.Disposable.from(
    view.onDidChangeVisibility(({ visible }) => {
      // "Expires in 12 days" was true when it was drawn.
      if (!visible || performance.now() - drawn < 3_600_000) return;
      drawn = performance.now();
      changed.fire(undefined);
      update();
    }),
    view.onDidChangeSelection(({ selection }) => {
      const [node] = selection;
      // A node that a change has just removed cannot be revealed.
      if (node !== undefined) lengthen(node).catch(() => undefined);
    }),
    store.onDidChange((change) => {
      if (change.kind === 'all' && store.search === 'unread') tree.reset();
      changed.fire(change.kind === 'all' ? undefined : tree.nodeOf(change.origin));
      update();
      showProgress();
    }),
  );

  return {
    provider: {
      async getChildren(node) {
        const children = tree.children(node);
        showProgress();
        const found = await children;
        update();
        return found;
      },
      getTreeItem: (node) => treeItem(node, tree),
      getParent: (node) => tree.parent(node),
      async resolveTreeItem(item, node, token) {
        const controller = new AbortController();
        token.onCancellationRequested(() => controller.abort());
        // A tooltip that cannot be had is none: the row itself says what is wrong.
        const said = await tools.facts(node, controller.signal).catch(() => undefined);
        if (said !== undefined) item.tooltip = tooltip(tree.item(node), said);
        return item;
      },
    },
    dispose: () => {
      listening.dispose();
    },
    redraw() {
      changed.fire(undefined);
      update();
    },
    async reveal(origin) {
      await tree.children();
      const node = tree.nodeOf(origin);
      if (node !== undefined) await view.reveal(node, { select: true, focus: true, expand: true });
    },
  };
}

const states = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
} as const;

function treeItem(node: VaultTreeNode, tree: VaultTree): vscode.TreeItem {
  const { label, description, icon, colour, children, contextValue, tooltip: text, spoken, opens } = tree.item(node);
  const item = new vscode.TreeItem(label, states[children]);
  item.id = node.id;
  item.iconPath = new vscode.ThemeIcon(icon, colour === undefined ? undefined : new vscode.ThemeColor(colour));
  item.contextValue = contextValue;
  item.accessibilityInformation = { label: spoken };
  if (description !== undefined) item.description = description;
  // Certificates get theirs when somebody hovers: VS Code asks only where there is none.
  if (text !== undefined) item.tooltip = text;
  if (opens === true) {
    item.command = {
      command: commands.openVaultCertificate,
      title: vscode.l10n.t('Open Details'),
      arguments: [node],
    };
  }
  return item;
}

/** In Markdown that may run and load nothing. */
function tooltip({ label, description }: Item, said: readonly Fact[]): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(factsMarkdown(label, description, said));
  markdown.isTrusted = false;
  markdown.supportHtml = false;
  return markdown;
}
