/** What became of a retired secret, as a report. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { PlanWarning } from '../../appConfig/types.ts';
import type { LeftOver, RetireSecretResult } from '../automation.ts';
import type { Report, ReportAction, ReportNote, ReportSection } from './report.ts';

/** @param undo brings the local files back; undefined when none was changed */
export function retireReport(
  result: RetireSecretResult,
  relative: (file: string) => string,
  undo: (() => Promise<void>) | undefined,
): Report {
  const { registration, removed, left, changed, warnings } = result;
  const sections: ReportSection[] = [
    {
      heading: l10n.t('Removed from the app registration'),
      rows: removed.map(({ displayName, keyId, hint, expires }) => ({
        label: displayName ?? keyId,
        value: [hint === undefined ? keyId : l10n.t('began with {0}…', hint), expires?.slice(0, 10) ?? '']
          .filter((text) => text !== '')
          .join(' · '),
      })),
    },
  ];
  if (changed.length > 0) {
    const bringBack: ReportAction[] =
      undo === undefined ? [] : [{ label: l10n.t('Undo Local Changes'), does: { kind: 'call', act: undo } }];
    sections.push({
      heading: l10n.t('Changed files'),
      rows: changed.map((file, index) => ({
        label: relative(file),
        value: l10n.t('the line of the secret is gone'),
        actions: [
          { label: l10n.t('Open'), spoken: l10n.t('Open {0}', relative(file)), does: { kind: 'openFile', file } },
          ...(index === 0 ? bringBack : []),
        ],
      })),
    });
  }
  if (warnings.length > 0) {
    sections.push({
      heading: l10n.t('Other apps of this workspace'),
      notes: warnings.map((warning) => warningOf(warning, relative)),
    });
  }
  sections.push({
    heading: l10n.t('What is left'),
    notes:
      left.length === 0
        ? [
            {
              severity: 'success',
              severityText: l10n.t('Done'),
              text: l10n.t('Nothing of it was found anywhere else.'),
            },
          ]
        : left.map((one) => noteOf(one, relative)),
  });
  return {
    title: l10n.t('The client secret is retired'),
    lead: l10n.t(
      '{0} signs in with its certificate. Whoever still has the removed value cannot sign in with it.',
      registration.displayName,
    ),
    sections,
    copied: l10n.t('Copied'),
  };
}

function warningOf({ message, file, line }: PlanWarning, relative: (file: string) => string): ReportNote {
  return {
    severity: 'warning',
    severityText: l10n.t('Warning'),
    text: message,
    ...(file === undefined
      ? {}
      : {
          actions: [
            {
              label: l10n.t('Open'),
              spoken: l10n.t('Open {0}', relative(file)),
              does: { kind: 'openFile', file, ...(line === undefined ? {} : { line }) },
            },
          ],
        }),
  };
}

function noteOf(
  { kind, place, file, line, commits, message }: LeftOver,
  relative: (file: string) => string,
): ReportNote {
  const where =
    file === undefined ? '' : place === 'file' ? `${relative(file)}${line === undefined ? '' : `:${line}`}` : file;
  const history =
    commits === undefined || commits.length === 0
      ? ''
      : l10n.t('Commits: {0}', commits.map((commit) => commit.slice(0, 10)).join(', '));
  return {
    severity: kind === 'value' && place === 'file' ? 'warning' : 'information',
    severityText: kind === 'value' && place === 'file' ? l10n.t('Warning') : l10n.t('Note'),
    text: [where, message, history].filter((text) => text !== '').join(' — '),
    ...(place === 'file' && file !== undefined
      ? {
          actions: [
            {
              label: l10n.t('Open'),
              spoken: l10n.t('Open {0}', where),
              does: { kind: 'openFile', file, ...(line === undefined ? {} : { line }) },
            },
          ],
        }
      : {}),
  };
}
