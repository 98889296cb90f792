/**
 * The rows of the view "This Workspace". Context values (`viewItem` in the menus of package.json), and what commands on such an item get:
 *
 * | contextValue                                    | commandOptions        |
 * | ----------------------------------------------- | --------------------- |
 * | `app.secret`, `app.certificate`, `app.other`,   |                       |
 * | `app.none`: no credential to replace            | `{config}`            |
 * | `action.<command>`: a row with one next action  | that command's        |
 * | `row`: nothing to do                            | none                  |
 */
import type { CommandItem } from '../options.ts';
import type { Item } from '../vaultTree/items.ts';

/** Where Enter and a click lead. */
export interface Place {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

export interface WorkspaceItem extends Item {
  readonly place?: Place;
}

export interface WorkspaceNode extends CommandItem {
  readonly kind: 'app' | 'step' | 'drift' | 'finding' | 'note';
  /** Stable: app, and what the row is about. */
  readonly id: string;
  readonly item: WorkspaceItem;
  readonly children: readonly WorkspaceNode[];
}
