/**
 * The nodes of the view "Vault Certificates". A node only names what it stands for; what is shown is looked up when it is
 * shown (items.ts), so that a node stays the same object while its certificate changes.
 *
 * Context values (`viewItem` in the menus of package.json), and what commands on such an item get as options:
 *
 * | contextValue                                              | commandOptions              |
 * | --------------------------------------------------------- | --------------------------- |
 * | `vault`, `vault.pinned`, `vault.added`, `vault.added.pinned`; each with `.signIn` where a sign-in may help | `{vault}` |
 * | `certificate.enabled`, `certificate.disabled`, `certificate.pending`, `certificate.unfinished`, `certificate.deleted` | `{vault, name}` |
 * | `version.enabled`, `version.disabled`                     | `{vault, name, version}`    |
 * | `problem.signIn` (a tenant or vault that wants a sign-in) | `{tenant}` or `{vault}`     |
 * | `problem`, `group`, `more`                                | none                        |
 *
 * `vault` is the origin of the vault. A command that takes options of another shape has `fromItem` (commands/run.ts).
 */
import type { CommandItem } from '../options.ts';
import type { Urgency } from './states.ts';

/** A vault. */
export interface VaultNode extends CommandItem {
  readonly kind: 'vault';
  readonly id: string;
  readonly origin: string;
}

/** A certificate, live or deleted, by its key in the vault's list. */
export interface CertificateNode extends CommandItem {
  readonly kind: 'certificate';
  readonly id: string;
  readonly origin: string;
  readonly name: string;
  readonly deleted: boolean;
}

/** One version of a certificate. */
export interface VersionNode extends CommandItem {
  readonly kind: 'version';
  readonly id: string;
  readonly origin: string;
  readonly name: string;
  readonly version: string;
}

/** Certificates of all vaults that are as urgent. */
export interface GroupNode {
  readonly kind: 'group';
  readonly id: string;
  readonly urgency: Urgency;
}

/** "Show more" at the end of what is shown of `of`. */
export interface MoreNode {
  readonly kind: 'more';
  readonly id: string;
  readonly of: VaultNode | GroupNode;
}

/** Why something cannot be listed: a tenant, or the deleted certificates or versions below another node. */
export interface ProblemNode extends CommandItem {
  readonly kind: 'problem';
  readonly id: string;
  readonly label: string;
  readonly message: string;
  /** The same in a few words, where there are such. */
  readonly reason?: string;
  /** Signing in to this tenant, or as this vault wants it, would help. */
  readonly signIn?: { readonly tenant: string } | { readonly vault: string };
  readonly parent?: VaultNode | CertificateNode;
}

export type VaultTreeNode = VaultNode | CertificateNode | VersionNode | GroupNode | MoreNode | ProblemNode;

export function vaultNode(origin: string): VaultNode {
  return { kind: 'vault', id: `vault:${origin}`, origin, commandOptions: { vault: origin } };
}

/** Key Vault compares names without regard to case, so ids do too. */
export function certificateNode(origin: string, name: string, deleted: boolean): CertificateNode {
  const id = `${deleted ? 'deleted' : 'certificate'}:${origin}/${name.toLowerCase()}`;
  return { kind: 'certificate', id, origin, name, deleted, commandOptions: { vault: origin, name } };
}

export function versionNode(origin: string, name: string, version: string): VersionNode {
  const id = `version:${origin}/${name.toLowerCase()}/${version}`;
  return { kind: 'version', id, origin, name, version, commandOptions: { vault: origin, name, version } };
}
