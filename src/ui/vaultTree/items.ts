/** How a node looks: words, icon and colour as data. Colour never stands alone: the state is in the words. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { VaultCertificate } from '../../azure/types.ts';
import { countActions } from './arrange.ts';
import type { Row } from './arrange.ts';
import type { ProblemNode } from './nodes.ts';
import { shortReason, wantsSignIn } from './reasons.ts';
import type { VaultRecord } from './records.ts';
import { stateText } from './states.ts';
import type { CertificateState, Thresholds, Urgency } from './states.ts';

export interface Item {
  readonly label: string;
  readonly description?: string;
  /** Codicon. */
  readonly icon: string;
  /** Id of a theme colour. */
  readonly colour?: string;
  readonly children: 'none' | 'collapsed' | 'expanded';
  readonly contextValue: string;
  /** Plain text; certificates get theirs from tooltip.ts when it is asked for. */
  readonly tooltip?: string;
  /** What screen readers say. */
  readonly spoken: string;
  /** Enter and click open the details. */
  readonly opens?: boolean;
}

const looks: Readonly<Record<CertificateState, { readonly icon: string; readonly colour: string }>> = {
  expired: { icon: 'error', colour: 'list.errorForeground' },
  urgent: { icon: 'warning', colour: 'list.errorForeground' },
  expiring: { icon: 'warning', colour: 'list.warningForeground' },
  valid: { icon: 'verified', colour: 'testing.iconPassed' },
  notYetValid: { icon: 'clock', colour: 'charts.blue' },
  pending: { icon: 'sync', colour: 'charts.blue' },
  unfinished: { icon: 'circle-large-outline', colour: 'disabledForeground' },
  disabled: { icon: 'circle-slash', colour: 'disabledForeground' },
  deleted: { icon: 'trash', colour: 'disabledForeground' },
};

export interface VaultLook {
  readonly record: VaultRecord;
  readonly pinned: boolean;
  /** Rows that the filter leaves; undefined without a filter. */
  readonly matching?: number;
  readonly expanded: boolean;
  readonly thresholds: Thresholds;
  readonly now: number;
}

export function vaultItem({ record, pinned, matching, expanded, thresholds, now }: VaultLook): Item {
  const { vault, problem, live, added } = record;
  const words: string[] = [];
  if (problem !== undefined) words.push(shortReason(problem));
  const hasRows = live.size > 0 || record.deleted.size > 0;
  // First what matters: a narrow view cuts the rest.
  const actions = countActions(record, thresholds, now);
  if (actions > 0) words.push(actions === 1 ? l10n.t('1 needs action') : l10n.t('{0} need action', actions));
  if (record.status === 'ready' || hasRows) words.push(countText(live.size, matching));
  if (record.status === 'loading') words.push(l10n.t('loading…'));
  const where = [vault.subscription, vault.resourceGroup, vault.location].filter((part) => part !== undefined);
  const tooltip = [
    ...(problem === undefined ? [] : [problem.message]),
    vault.origin,
    ...(where.length === 0 ? [] : [where.join(' · ')]),
    ...(added ? [l10n.t('Added by you')] : []),
  ];
  const description = words.join(' · ');
  const kind = pinned ? l10n.t('pinned vault') : l10n.t('vault');
  return {
    label: vault.name,
    description,
    icon: problem === undefined ? (pinned ? 'pinned' : 'archive') : 'lock',
    ...(problem === undefined ? {} : { colour: 'list.warningForeground' }),
    // What can never have rows is no folder; the others may get some.
    children: problem !== undefined && !hasRows ? 'none' : expanded ? 'expanded' : 'collapsed',
    contextValue: [
      'vault',
      ...(added ? ['added'] : []),
      ...(pinned ? ['pinned'] : []),
      ...(problem !== undefined && wantsSignIn(problem) ? ['signIn'] : []),
    ].join('.'),
    tooltip: tooltip.join('\n\n'),
    spoken: [vault.name, kind, description, ...(problem === undefined ? [] : [problem.message])].join(', '),
  };
}

function countText(count: number, matching: number | undefined): string {
  if (matching !== undefined) return l10n.t('{0} of {1}', matching.toLocaleString(), count.toLocaleString());
  return count === 1 ? l10n.t('1 certificate') : l10n.t('{0} certificates', count.toLocaleString());
}

/** @param showVault in lists of several vaults */
export function certificateItem({ record, certificate, state }: Row, showVault: boolean, now: number): Item {
  const words = stateText(certificate, state, now);
  const kind = state === 'deleted' || state === 'pending' || state === 'unfinished' ? state : undefined;
  return {
    label: certificate.name,
    description: showVault ? `${words} · ${record.vault.name}` : words,
    ...looks[state],
    // Deleted ones and those that are not there yet have no versions to show.
    children: kind === undefined ? 'collapsed' : 'none',
    contextValue: `certificate.${kind ?? (certificate.enabled ? 'enabled' : 'disabled')}`,
    spoken: [certificate.name, words, ...(showVault ? [record.vault.name] : [])].join(', '),
    opens: kind !== 'deleted',
  };
}

/** @param newest the version that the vault hands out without being asked for one */
export function versionItem(
  certificate: VaultCertificate,
  state: CertificateState,
  newest: boolean,
  now: number,
): Item {
  const version = certificate.version ?? '';
  const words = [stateText(certificate, state, now), ...(newest ? [l10n.t('current')] : [])].join(' · ');
  return {
    // Long enough to tell versions apart by eye; the whole one is in tooltip and details.
    label: version.slice(0, 8),
    description: words,
    ...looks[state],
    children: 'none',
    contextValue: `version.${certificate.enabled ? 'enabled' : 'disabled'}`,
    spoken: l10n.t('version {0}, {1}', version.slice(0, 8), words),
    opens: true,
  };
}

const groupLooks: Readonly<Record<Urgency, CertificateState>> = {
  expired: 'expired',
  urgent: 'urgent',
  expiring: 'expiring',
  valid: 'valid',
  inactive: 'disabled',
  deleted: 'deleted',
};

export function groupItem(urgency: Urgency, count: number): Item {
  const label = groupLabel(urgency);
  return {
    label,
    description: count.toLocaleString(),
    ...looks[groupLooks[urgency]],
    children: urgency === 'valid' || urgency === 'inactive' || urgency === 'deleted' ? 'collapsed' : 'expanded',
    contextValue: 'group',
    spoken: count === 1 ? l10n.t('{0}, 1 certificate', label) : l10n.t('{0}, {1} certificates', label, count),
  };
}

function groupLabel(urgency: Urgency): string {
  switch (urgency) {
    case 'expired':
      return l10n.t('Expired');
    case 'urgent':
      return l10n.t('Urgent');
    case 'expiring':
      return l10n.t('Expiring Soon');
    case 'valid':
      return l10n.t('Valid');
    case 'inactive':
      return l10n.t('Disabled or Being Created');
    case 'deleted':
      return l10n.t('Deleted');
  }
}

export function moreItem(shown: number, all: number): Item {
  const label = l10n.t('Show More');
  const description = l10n.t('{0} of {1} shown', shown.toLocaleString(), all.toLocaleString());
  return {
    label,
    description,
    icon: 'ellipsis',
    children: 'none',
    contextValue: 'more',
    spoken: `${label}, ${description}`,
  };
}

export function problemItem({ label, message, reason, signIn }: ProblemNode): Item {
  return {
    label,
    description: reason ?? message,
    icon: reason === undefined ? 'warning' : 'lock',
    colour: 'list.warningForeground',
    children: 'none',
    contextValue: signIn === undefined ? 'problem' : 'problem.signIn',
    tooltip: message,
    spoken: `${label}, ${message}`,
  };
}
