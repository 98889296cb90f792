/** A proof, or an explained error, as a report. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { AppConfig } from '../../appConfig/types.ts';
import { commands } from '../../contributions.ts';
import type { ProveResult } from '../../setup/index.ts';
import type { ExplainErrorResult } from '../automation/proof.ts';
import { copyAction, note } from './certificateReport.ts';
import type { Report, ReportAction, ReportStep } from './report.ts';

export function proofReport(
  result: ProveResult,
  config: Pick<AppConfig, 'file' | 'line'> | undefined,
  relative: (file: string) => string,
): Report {
  const lead = config === undefined ? '' : `${relative(config.file)}:${config.line}`;
  const again: ReportAction = {
    label: l10n.t('Prove Again'),
    does: { kind: 'run', command: commands.prove, ...(config === undefined ? {} : { file: config.file }) },
  };
  const open: ReportAction[] =
    config === undefined
      ? []
      : [{ label: l10n.t('Open App Config'), does: { kind: 'openFile', file: config.file, line: config.line } }];
  if (result.ok)
    return {
      title: l10n.t('Sign-in with the certificate works'),
      lead,
      sections: [
        {
          heading: l10n.t('Proof'),
          notes: [
            note('success', l10n.t('Several tokens in a row were issued to the app, none of them from a cache.')),
          ],
          rows: [
            { label: l10n.t('Requests'), value: String(result.attempts) },
            { label: l10n.t('Signed with'), value: result.algorithm ?? '', code: true },
          ],
        },
        { heading: l10n.t('What to do next'), steps: [deployments(), retire(config)] },
      ],
      copied: l10n.t('Copied'),
    };
  const { error } = result;
  return {
    title: error?.title ?? l10n.t('Sign-in could not be proven'),
    lead,
    sections: [
      {
        heading: l10n.t('What happened'),
        notes: [note('error', error?.cause ?? '')],
        rows: [
          {
            label: l10n.t('Code'),
            value: error?.code ?? '',
            code: true,
            actions: [copyAction(error?.code ?? '', l10n.t('code'))],
          },
          { label: l10n.t('Requests'), value: String(result.attempts) },
        ],
      },
      {
        heading: l10n.t('What to do now'),
        steps: [
          ...(error?.remedies ?? []).map((text): ReportStep => ({ title: text, text: '' })),
          {
            title: l10n.t('Then prove again'),
            text: l10n.t('The old secret works until it is retired, so nothing is lost meanwhile.'),
            actions: [{ ...again, primary: true }, ...open],
          },
        ],
      },
    ],
    copied: l10n.t('Copied'),
  };
}

export function explanationReport({ code, title, cause, remedies }: ExplainErrorResult): Report {
  return {
    title,
    lead: code === 'unknown' ? '' : code,
    sections: [
      { heading: l10n.t('What it means'), notes: [note('information', cause)] },
      { heading: l10n.t('What to do now'), steps: remedies.map((text) => ({ title: '', text })) },
    ],
    copied: l10n.t('Copied'),
  };
}

function deployments(): ReportStep {
  return {
    title: l10n.t('Switch every other deployment'),
    text: l10n.t(
      'This proof says that this machine can sign in. Give every other one its variables and its key before the old secret goes.',
    ),
  };
}

function retire(config: Pick<AppConfig, 'file'> | undefined): ReportStep {
  return {
    title: l10n.t('Retire the old secret'),
    text: l10n.t('It shows what every deployment needs first, and asks before anything is deleted.'),
    ...(config === undefined
      ? {}
      : {
          actions: [
            {
              label: l10n.t('Retire Secret'),
              does: { kind: 'run', command: commands.retireSecret, file: config.file },
            },
          ],
        }),
  };
}
