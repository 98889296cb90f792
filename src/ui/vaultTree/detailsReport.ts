/** The details of a certificate of a vault as a report. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { Vault, VaultCertificateDetails } from '../../azure/types.ts';
import type { CertificateDescription, CertificateFacts } from '../../certificates/types.ts';
import { commands } from '../../contributions.ts';
import { certificateRows, copyAction, dateText, note } from '../views/certificateReport.ts';
import type { Report, ReportAction, ReportNote, ReportRow, ReportSection } from '../views/report.ts';
import { base64UrlThumbprint, policyFacts, tagFacts } from './facts.ts';
import type { Fact } from './facts.ts';
import { needsAction, stateOf, stateText } from './states.ts';
import type { Thresholds } from './states.ts';

export interface DetailsSubject {
  readonly vault: Vault;
  readonly details: VaultCertificateDetails;
  /** What the certificate says of itself; absent while it is being created. */
  readonly description: CertificateDescription | undefined;
  /** The version that was asked for; absent for the newest. */
  readonly version: string | undefined;
  readonly thresholds: Thresholds;
  /** Address in the portal, where there is one. */
  readonly portal: string | undefined;
  /** ms since the epoch */
  readonly now: number;
}

export function detailsReport(subject: DetailsSubject): Report {
  const { vault, details, description, now } = subject;
  const policy = details.policy;
  const sections: ReportSection[] = [
    { heading: l10n.t('Can it serve as a client credential?'), notes: verdict(subject) },
    ...(description === undefined
      ? []
      : [
          {
            heading: l10n.t('Certificate'),
            rows: [...certificateRows(description as CertificateFacts, now), ...more(details)],
          },
        ]),
    { heading: l10n.t('In the vault'), rows: vaultRows(subject) },
    ...(policy === undefined
      ? []
      : [{ heading: l10n.t('Policy for new versions'), rows: policyFacts(policy).map(row) }]),
  ];
  return {
    title: details.name,
    lead: l10n.t('Certificate of the vault {0}', vault.name),
    sections,
    copied: l10n.t('Copied'),
  };
}

function verdict({ vault, details, description, version, thresholds, portal, now }: DetailsSubject): ReportNote[] {
  const state = stateOf(details, thresholds, now);
  const words = stateText(details, state, now);
  const open: ReportAction[] =
    portal === undefined ? [] : [{ label: l10n.t('Show in Portal'), does: { kind: 'openPage', address: portal } }];
  const use: ReportAction = {
    label: l10n.t('Use in App'),
    primary: true,
    does: {
      kind: 'run',
      command: commands.useInApp,
      item: { vault: vault.origin, name: details.name, ...(version === undefined ? {} : { version }) },
    },
  };
  // Expiry is said by the state, in the same words as in the tree.
  const problems = (description?.problems ?? []).filter(
    ({ code }) => !['expired', 'expires-soon', 'not-yet-valid', 'no-private-key'].includes(code),
  );
  const notes = problems.map(({ severity, message }) => note(severity, message));
  if (state === 'unfinished') {
    const message = l10n.t(
      'There is no certificate yet and none is being made: its creation failed or was cancelled. Create it again with "Renew in Vault", or delete it.',
    );
    return [note('warning', message, open)];
  }
  if (state === 'pending') return [note('information', l10n.t('It is being created and cannot be used yet.'), open)];
  const isUsable = state !== 'disabled' && state !== 'expired' && !notes.some(({ severity }) => severity === 'error');
  const stateNote = note(
    state === 'expired' ? 'error' : needsAction(state) || state === 'disabled' ? 'warning' : 'success',
    l10n.t('State: {0}.', words),
    isUsable ? [use, ...open] : open,
  );
  const key =
    details.policy?.exportable === false
      ? [
          note(
            'information',
            l10n.t('Its private key cannot be fetched. An app can have its requests signed in the vault instead.'),
          ),
        ]
      : [];
  return [stateNote, ...notes, ...key];
}

function more({ thumbprintSha256 }: VaultCertificateDetails): ReportRow[] {
  if (thumbprintSha256 === undefined) return [];
  const value = base64UrlThumbprint(thumbprintSha256);
  return [row({ label: l10n.t('SHA-256 thumbprint, base64url'), value, code: true })];
}

function vaultRows({ vault, details, version }: DetailsSubject): ReportRow[] {
  const text = (label: string, value: string | undefined): Fact[] => (value === undefined ? [] : [{ label, value }]);
  const code = (label: string, value: string | undefined): Fact[] =>
    value === undefined || value === '' ? [] : [{ label, value, code: true }];
  const time = (value: number | undefined) =>
    value === undefined ? undefined : dateText(new Date(value).toISOString());
  const where = [vault.subscription, vault.resourceGroup, vault.location].filter((part) => part !== undefined);
  return [
    ...code(l10n.t('Vault'), vault.origin),
    ...text(l10n.t('Where'), where.length === 0 ? undefined : where.join(' · ')),
    ...code(l10n.t('Name'), details.name),
    ...code(version === undefined ? l10n.t('Newest version') : l10n.t('Version'), details.version),
    ...code(l10n.t('Certificate ID'), details.id),
    ...code(l10n.t('Key ID'), details.keyId),
    ...code(l10n.t('Secret ID'), details.secretId),
    ...text(l10n.t('Enabled'), details.enabled ? l10n.t('yes') : l10n.t('no')),
    ...text(l10n.t('Created'), time(details.created)),
    ...text(l10n.t('Changed'), time(details.updated)),
    ...text(
      l10n.t('After deletion'),
      details.recoverableDays === undefined
        ? undefined
        : l10n.t('can be recovered for {0} days', details.recoverableDays),
    ),
    ...tagFacts(details.tags),
  ].map(row);
}

function row({ label, value, code }: Fact): ReportRow {
  return code === true ? { label, value, code, actions: [copyAction(value, label)] } : { label, value };
}
