/** Registers the tree views. Their rows are asked for when a view is shown for the first time: only then is what makes them loaded. */
import * as vscode from 'vscode';
import { vaultView, workspaceView } from '../../contributions.ts';
import type { Ui } from '../part.ts';
import type { RegisteredView } from '../views/vaultTreeView.ts';
import type { RegisteredWorkspaceView } from '../views/workspaceTreeView.ts';

export interface RegisteredViews {
  readonly vaults: RegisteredView;
  readonly workspace: RegisteredWorkspaceView;
}

export function registerViews(subscriptions: { dispose(): unknown }[], load: () => Ui): RegisteredViews {
  const vaults = registerVaults(() => load().vaults);
  const workspace = registerWorkspace(() => load().workspace);
  subscriptions.push(vaults.view, vaults.changed, workspace.view, workspace.changed);
  return { vaults, workspace };
}

function registerVaults(rows: () => Ui['vaults']): RegisteredView {
  const changed: RegisteredView['changed'] = new vscode.EventEmitter();
  const view = vscode.window.createTreeView(vaultView, {
    showCollapseAll: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (node) => rows().getChildren(node),
      getTreeItem: (node) => rows().getTreeItem(node),
      getParent: (node) => rows().getParent(node),
      resolveTreeItem: (item, node, token) => rows().resolveTreeItem(item, node, token),
    },
  });
  return { view, changed };
}

function registerWorkspace(rows: () => Ui['workspace']): RegisteredWorkspaceView {
  const changed: RegisteredWorkspaceView['changed'] = new vscode.EventEmitter();
  const view = vscode.window.createTreeView(workspaceView, {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (node) => rows().getChildren(node),
      getTreeItem: (node) => rows().getTreeItem(node),
    },
  });
  return { view, changed };
}
