/** The view "This Workspace": hands the rows of src/ui/workspaceView to VS Code. */
import * as vscode from 'vscode';
import type { WorkspaceNode } from '../workspaceView/nodes.ts';

/** What extension.ts has registered before anything of the view was loaded. */
export interface RegisteredWorkspaceView {
  readonly view: vscode.TreeView<WorkspaceNode>;
  /** Redraws the whole tree. */
  readonly changed: vscode.EventEmitter<WorkspaceNode | undefined>;
}

export type WorkspaceProvider = Pick<vscode.TreeDataProvider<WorkspaceNode>, 'getChildren' | 'getTreeItem'>;

const states = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
} as const;

/** @param rows the apps, read when the view is shown for the first time */
export function createWorkspaceProvider(rows: () => Promise<readonly WorkspaceNode[]>): WorkspaceProvider {
  return {
    getChildren: async (node) => [...(node === undefined ? await rows() : node.children)],
    getTreeItem: treeItem,
  };
}

function treeItem({ id, item: { label, description, icon, colour, place, ...rest } }: WorkspaceNode): vscode.TreeItem {
  const item = new vscode.TreeItem(label, states[rest.children]);
  item.id = id;
  item.iconPath = new vscode.ThemeIcon(icon, colour === undefined ? undefined : new vscode.ThemeColor(colour));
  item.contextValue = rest.contextValue;
  item.accessibilityInformation = { label: rest.spoken };
  if (description !== undefined) item.description = description;
  if (rest.tooltip !== undefined) item.tooltip = rest.tooltip;
  if (place !== undefined) {
    const start = new vscode.Position(place.line - 1, 0);
    item.command = {
      command: 'vscode.open',
      title: vscode.l10n.t('Open'),
      arguments: [vscode.Uri.file(place.file), { selection: new vscode.Range(start, start) }],
    };
  }
  return item;
}
