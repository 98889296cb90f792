/**
 * The list that takes the review's decision by keyboard. "Read the Changes" hides it so that the editors can be read; then
 * the buttons above the editors decide, and closing the editors brings the list back, so that a review never hangs unseen.
 */
import path from 'node:path';
import * as vscode from 'vscode';
import { nobodySignedIn, registrationChoices } from './flows/registrationStep.ts';
import { openAt } from './openAt.ts';
import type { ReviewAnswer, ReviewOptions } from './review.ts';
import { showAgain } from './inputFocus.ts';
import { reviewTabs } from './reviewEditors.ts';
import { accessOf } from './reviewTexts.ts';
import type { ReviewTexts } from './reviewTexts.ts';

export interface DecisionQuestion {
  readonly shown: ReviewTexts;
  readonly title: string;
  readonly options: ReviewOptions;
  readonly openFile: (index: number) => Promise<void>;
}

interface Row extends vscode.QuickPickItem {
  readonly does?: () => unknown;
}

/** Shows the list. `answer` settles on a decision; `decided` (a button elsewhere) makes it go away. */
export function askDecision(
  question: DecisionQuestion,
  decided: Promise<unknown>,
): { readonly answer: Promise<ReviewAnswer | 'cancel'>; dispose(): void } {
  const picker = vscode.window.createQuickPick<Row>();
  const disposables: { dispose(): unknown }[] = [picker];
  let gone = false;
  const dispose = () => {
    gone = true;
    for (const disposable of disposables.splice(0)) disposable.dispose();
  };
  const answer = new Promise<ReviewAnswer | 'cancel'>((resolve) => {
    let reading = false;
    const show = () => {
      if (gone) return;
      reading = false;
      showAgain(picker);
    };
    const read = () => {
      reading = true;
      picker.hide();
    };
    /** A row has room for one line; a warning has more to say. */
    const tell = (message: string) => {
      read();
      vscode.window.showWarningMessage(message, { modal: true }).then(show, show);
    };
    picker.items = rowsOf(question, resolve, { read, tell });
    disposables.push(
      picker.onDidAccept(() => picker.activeItems[0]?.does?.()),
      picker.onDidHide(() => {
        if (!reading && !gone) resolve('cancel');
      }),
      vscode.window.tabGroups.onDidChangeTabs(() => {
        if (reading && reviewTabs(() => true, question.title).length === 0) show();
      }),
    );
    picker.title = question.title;
    picker.placeholder =
      question.options.notice ?? vscode.l10n.t('Nothing has been changed yet. Secret values are shown as dots.');
    picker.prompt = question.options.asksRegistration === true ? nobodySignedIn() : whatComesWithIt(question.shown);
    picker.ignoreFocusOut = true;
    picker.matchOnDetail = true;
    show();
  });
  void decided.then(dispose);
  return { answer, dispose };
}

const rewritesLater = ({ files }: ReviewTexts): boolean => files.some(({ isLater }) => isLater === true);

/** What happens to the app registration, in one sentence above the list. */
function whatComesWithIt(shown: ReviewTexts): string {
  if (rewritesLater(shown))
    return shown.vault === undefined
      ? vscode.l10n.t('Only key and certificate are made now. "Continue Setup" rewrites the app after the upload.')
      : vscode.l10n.t('Only the public certificate is saved now. "Continue Setup" rewrites the app after the upload.');
  return shown.registration === undefined
    ? vscode.l10n.t(
        'The app signs in with the certificate only once it is uploaded to the app registration; the result says how.',
      )
    : vscode.l10n.t('The public certificate is uploaded to the app registration before the app is rewritten.');
}

function rowsOf(
  { shown, options, openFile }: DecisionQuestion,
  decide: (answer: ReviewAnswer | 'cancel') => void,
  { read, tell }: { readonly read: () => void; readonly tell: (message: string) => void },
): Row[] {
  const icon = (name: string) => new vscode.ThemeIcon(name);
  const group = (label: string): Row => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const relative = (file: string) => vscode.workspace.asRelativePath(file, false);
  // A key that stays in its vault is not made here.
  const withoutApp =
    shown.vault === undefined
      ? {
          now: vscode.l10n.t('Make key and certificate; the app stays as it is. "Undo Setup" removes them again.'),
          later: vscode.l10n.t('Make key and certificate only. "Continue Setup" rewrites the app after the upload.'),
        }
      : {
          now: vscode.l10n.t('Save the public certificate; the app stays as it is. "Undo Setup" removes it again.'),
          later: vscode.l10n.t('Save the public certificate only. "Continue Setup" rewrites the app after the upload.'),
        };
  const reading: Row = {
    label: vscode.l10n.t('Read the Changes'),
    detail: vscode.l10n.t('Hide this list. The buttons above the editor apply or cancel.'),
    iconPath: icon('book'),
    does: read,
  };
  const applying: Row[] = [
    {
      label: vscode.l10n.t('Apply'),
      detail: rewritesLater(shown)
        ? withoutApp.now
        : vscode.l10n.t('Make the files and rewrite the app. "Undo Setup" restores every byte.'),
      iconPath: icon('check'),
      does: () => {
        decide('apply');
      },
    },
    reading,
    ...(options.canPutOff
      ? [
          {
            label: vscode.l10n.t('Rewrite Later'),
            detail: withoutApp.later,
            iconPath: icon('clock'),
            does: () => {
              decide('later');
            },
          },
        ]
      : []),
  ];
  return [
    ...(options.asksRegistration === true ? [...registeringRows(decide), reading] : applying),
    {
      label: vscode.l10n.t('Cancel'),
      iconPath: icon('close'),
      does: () => {
        decide('cancel');
      },
    },
    ...registrationRows(shown),
    ...changedRows(shown, relative, openFile),
    ...installRows(shown, relative),
    ...(shown.vault === undefined
      ? []
      : [
          group(vscode.l10n.t('Used from Key Vault')),
          { label: shown.vault.certificate, detail: shown.vault.version, iconPath: icon('cloud') },
        ]),
    group(vscode.l10n.t('Files made, content not shown')),
    ...shown.created.map((file) => ({
      label: relative(file.path),
      detail: accessOf(file),
      iconPath: icon(file.isPrivate ? 'lock' : 'file'),
    })),
    ...(shown.warnings.length > 0 ? [group(vscode.l10n.t('Warnings'))] : []),
    ...shown.warnings.map(({ message, file, line }) => ({
      label: file !== undefined && line !== undefined ? `${path.basename(file)}:${line}` : vscode.l10n.t('Note'),
      description: file !== undefined && line !== undefined ? '' : vscode.l10n.t('Enter shows all of it'),
      detail: message,
      iconPath: icon('warning'),
      does: () => {
        if (file === undefined || line === undefined) {
          tell(message);
          return undefined;
        }
        read();
        return openAt(file, line);
      },
    })),
  ];
}

/** The decision, together with the answer who registers the certificate. */
function registeringRows(decide: (answer: ReviewAnswer) => void): Row[] {
  const decisions = { signIn: 'apply', handOver: 'later', rewriteNow: 'withoutUpload' } as const;
  return registrationChoices().map(({ value, label, description, detail, icon }) => ({
    label,
    ...(description === undefined ? {} : { description }),
    ...(detail === undefined ? {} : { detail }),
    ...(icon === undefined ? {} : { iconPath: new vscode.ThemeIcon(icon) }),
    does: () => {
      decide(decisions[value]);
    },
  }));
}

/** The one change outside of this machine. */
function registrationRows({ registration }: ReviewTexts): Row[] {
  if (registration === undefined) return [];
  const { subject, application, tenant } = registration;
  return [
    { label: vscode.l10n.t('Added to the app registration first'), kind: vscode.QuickPickItemKind.Separator },
    { label: subject, iconPath: new vscode.ThemeIcon('cloud-upload') },
    // A line of its own for each ID: a line that is too long is cut off.
    ...[application, ...(tenant === undefined ? [] : [tenant])].map((label) => ({ label })),
  ];
}

/** The files in the order in which they are changed; Enter opens the change. */
function changedRows(
  { files }: ReviewTexts,
  relative: (file: string) => string,
  openFile: (index: number) => Promise<void>,
): Row[] {
  const rows = (isLater: true | undefined, heading: string): Row[] => {
    const mine = files.flatMap((file, index) => (file.isLater === isLater ? [{ file, index }] : []));
    if (mine.length === 0) return [];
    return [
      { label: heading, kind: vscode.QuickPickItemKind.Separator },
      ...mine.map(({ file, index }) => ({
        label: relative(file.path),
        description: file.before === undefined ? vscode.l10n.t('new') : '',
        iconPath: new vscode.ThemeIcon('diff'),
        does: () => openFile(index),
      })),
    ];
  };
  return [
    ...rows(undefined, vscode.l10n.t('Files changed')),
    ...rows(true, vscode.l10n.t('Files changed by "Continue Setup"')),
  ];
}

/** One row for the command, one for each package: a line that is too long is cut off. */
function installRows({ installs }: ReviewTexts, relative: (file: string) => string): Row[] {
  if (installs === undefined) return [];
  return [
    { label: vscode.l10n.t('Packages installed first'), kind: vscode.QuickPickItemKind.Separator },
    {
      label: vscode.l10n.t('Will run: {0}', installs.command),
      description: relative(installs.folder),
      detail: vscode.l10n.t('"Undo Setup" leaves the packages there.'),
      iconPath: new vscode.ThemeIcon('terminal'),
    },
    ...installs.packages.map((name) => ({ label: name, iconPath: new vscode.ThemeIcon('package') })),
  ];
}
