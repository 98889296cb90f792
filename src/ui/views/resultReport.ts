/** What a setup has made, and what to do next, as a report. Knows no editor. */
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { uploadCommand } from '../../base/azCli.ts';
import { commands } from '../../contributions.ts';
import type { SetUpResult } from '../../setup/types.ts';
import { lastStep, leadOf, titleOf } from './oldCredential.ts';
import type { Stage } from './oldCredential.ts';
import { copyAction, note, validityText } from './certificateReport.ts';
import { vaultRows, vaultStep } from './vaultSteps.ts';
import type { Report, ReportAction, ReportRow, ReportSection, ReportStep } from './report.ts';

export interface ResultFacts {
  readonly result: SetUpResult;
  /** Where the rewrite was put off. */
  readonly isStopped: boolean;
  /** Where the app had a certificate before. */
  readonly isRotation: boolean;
  readonly clientId?: string;
  readonly authority?: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Path as the user knows it, relative to the workspace. */
  readonly relative: (file: string) => string;
}

/** Page of the app registration's certificates, in the cloud and portal that fit the authority. */
export function portalPage(clientId: string | undefined, authority: string | undefined): string {
  const host = hostOf(authority);
  const portal = host.endsWith('.us')
    ? 'https://entra.microsoft.us'
    : host.endsWith('.cn')
      ? 'https://entra.microsoftonline.cn'
      : 'https://entra.microsoft.com';
  const blade = 'Microsoft_AAD_RegisteredApps';
  return clientId === undefined
    ? `${portal}/#view/${blade}/ApplicationsListBlade`
    : `${portal}/#view/${blade}/ApplicationMenuBlade/~/Credentials/appId/${encodeURIComponent(clientId)}`;
}

function hostOf(authority: string | undefined): string {
  try {
    return new URL(authority ?? '').host;
  } catch {
    return '';
  }
}

export function resultReport(facts: ResultFacts): Report {
  const { isRotation } = facts;
  const sections: (ReportSection | undefined)[] = [
    { heading: l10n.t('What to do next'), steps: nextSteps(facts) },
    { heading: l10n.t('Certificate'), rows: certificateRows(facts) },
    fileSection(facts),
    warningSection(facts),
  ];
  return {
    title: titleOf(stageOf(facts), isRotation),
    lead: sentence(facts),
    sections: sections.filter((section) => section !== undefined),
    copied: l10n.t('Copied'),
  };
}

function stageOf({ result, isStopped }: ResultFacts): Stage {
  if (isStopped) return 'stopped';
  if (result.proven) return 'proven';
  return result.registered ? 'registered' : 'unregistered';
}

function sentence(facts: ResultFacts): string {
  const { result, isRotation, relative } = facts;
  const stage = stageOf(facts);
  if (stage !== 'stopped') return leadOf(stage, isRotation);
  return result.registered
    ? l10n.t(
        '{0} has not been rewritten yet. The certificate is registered; continue the setup.',
        relative(result.config),
      )
    : l10n.t(
        '{0} has not been rewritten yet. Upload the certificate, then continue the setup.',
        relative(result.config),
      );
}

function nextSteps(facts: ResultFacts): ReportStep[] {
  const { result, isStopped, clientId, authority } = facts;
  const last = lastStep(stageOf(facts), facts.isRotation, result.config);
  const certificate = result.files.certificate;
  const command = uploadCommand({
    appId: clientId ?? 'APPLICATION_ID',
    certificateFile: certificate ?? 'CERTIFICATE',
    notAfter: Date.parse(result.notAfter),
  });
  const upload: ReportStep = {
    title: l10n.t('Upload the certificate to the app registration'),
    text: l10n.t(
      'On the page "Certificates & secrets" choose Certificates, Upload certificate, and select {0}. Only this file is uploaded: it holds no private key. The page then shows the SHA-1 thumbprint {1}.',
      certificate === undefined ? l10n.t('the certificate') : path.basename(certificate),
      result.thumbprintSha1,
    ),
    actions: [
      ...(certificate === undefined
        ? []
        : ([
            {
              label: l10n.t('Upload'),
              primary: true,
              does: { kind: 'run', command: commands.upload, file: certificate },
            },
            {
              label: l10n.t('Hand Over to an Administrator'),
              does: { kind: 'run', command: commands.handOver, file: certificate },
            },
          ] satisfies ReportAction[])),
      { label: l10n.t('Open Portal Page'), does: { kind: 'openPage', address: portalPage(clientId, authority) } },
      ...(certificate === undefined
        ? []
        : [
            { label: l10n.t('Reveal Certificate'), does: { kind: 'reveal', file: certificate } } satisfies ReportAction,
          ]),
      { label: l10n.t('Copy Azure CLI Command'), does: { kind: 'copy', text: command } },
    ],
  };
  const undo: ReportAction = {
    label: l10n.t('Undo Setup'),
    does: { kind: 'run', command: commands.undoSetup, file: result.config },
  };
  if (isStopped) {
    const text = l10n.t('It shows the rewrite of the app for review and applies it.');
    const go: ReportAction = {
      label: l10n.t('Continue Setup'),
      does: { kind: 'run', command: commands.continueSetup, file: result.config },
    };
    const rest = { title: l10n.t('Continue the setup'), text, actions: [go, undo] };
    return [...(result.registered ? [] : [upload]), rest, last];
  }
  const role = vaultStep(result.keyFrom, result.vault);
  const open: ReportAction = { label: l10n.t('Open App Config'), does: { kind: 'openFile', file: result.config } };
  const runApp: ReportAction = {
    label: l10n.t('Run and Test'),
    does: { kind: 'run', command: commands.runApp, file: result.config },
  };
  return [
    ...(result.registered ? [] : [upload]),
    ...(role === undefined ? [] : [role]),
    result.proven
      ? {
          title: l10n.t('Switch every deployment'),
          text:
            role === undefined
              ? l10n.t(
                  'On every machine that runs the app, set its variables and put its key in place. Then start it here and sign in as a user.',
                )
              : l10n.t(
                  'On every machine that runs the app, set its variables; its key stays in the vault, and the identity there needs the role above. Then start the app here and sign in as a user.',
                ),
          actions: [{ ...runApp, primary: true }, open, undo],
        }
      : {
          title: l10n.t('Prove that sign-in works'),
          text:
            role === undefined
              ? l10n.t(
                  'A new certificate can take some minutes to be known everywhere. Prove it here, then start the app and sign in; on every machine that runs it, set its variables and put its key in place.',
                )
              : l10n.t(
                  'A new certificate can take some minutes to be known everywhere. Prove it here, then start the app and sign in; on every machine that runs it, set its variables, and the identity there needs the role above.',
                ),
          actions: [
            {
              label: l10n.t('Prove Sign-In'),
              ...(result.registered ? { primary: true } : {}),
              does: { kind: 'run', command: commands.prove, file: result.config },
            },
            runApp,
            open,
            undo,
          ],
        },
    last,
  ];
}

function certificateRows({ result, now }: ResultFacts): ReportRow[] {
  const code = (label: string, value: string): ReportRow => ({
    label,
    value,
    code: true,
    actions: [copyAction(value, label)],
  });
  return [
    { label: l10n.t('Valid until'), value: validityText(result.notAfter, now) },
    ...vaultRows(result.vault),
    code(l10n.t('SHA-256 thumbprint'), result.thumbprintSha256),
    code(l10n.t('SHA-1 thumbprint'), result.thumbprintSha1),
  ];
}

function fileSection({ result, relative }: ResultFacts): ReportSection {
  const row = (label: string, file: string | undefined, deed: 'openFile' | 'reveal'): ReportRow[] =>
    file === undefined
      ? []
      : [
          {
            label,
            value: relative(file),
            code: true,
            actions: [
              deed === 'openFile'
                ? {
                    label: l10n.t('Open'),
                    spoken: l10n.t('Open {0}', relative(file)),
                    does: { kind: 'openFile', file },
                  }
                : {
                    label: l10n.t('Reveal'),
                    spoken: l10n.t('Reveal {0}', relative(file)),
                    does: { kind: 'reveal', file },
                  },
            ],
          },
        ];
  return {
    heading: l10n.t('Files'),
    rows: [
      ...row(l10n.t('Certificate (public)'), result.files.certificate, 'reveal'),
      ...row(l10n.t('Private key (only you can read it)'), result.files.privateKey, 'reveal'),
      ...row(l10n.t('Pass phrase (only you can read it)'), result.files.passphrase, 'reveal'),
      ...(result.installed ?? []).map((value): ReportRow => ({ label: l10n.t('Installed'), value, code: true })),
      ...result.changed.flatMap((file) => row(l10n.t('Changed'), file, 'openFile')),
    ],
  };
}

function warningSection({ result, relative }: ResultFacts): ReportSection | undefined {
  // The first step says what `not-registered` says.
  const warnings = result.warnings.filter(({ code }) => code !== 'not-registered');
  if (warnings.length === 0) return undefined;
  return {
    heading: l10n.t('Warnings'),
    notes: warnings.map(({ message, file, line }) =>
      note(
        'warning',
        message,
        file === undefined
          ? []
          : [
              {
                label: line === undefined ? relative(file) : `${relative(file)}:${line}`,
                spoken: l10n.t('Open {0}', relative(file)),
                does: line === undefined ? { kind: 'openFile', file } : { kind: 'openFile', file, line },
              },
            ],
      ),
    ),
  };
}
