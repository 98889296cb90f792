/** The rows of one app: its checklist, what does not agree, what is wrong in the code, and what could not be asked. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { Finding } from '../../diagnosis/types.ts';
import type { Action, Step, StepId } from './checklist.ts';
import { unasked } from './checklist.ts';
import type { AppFacts, Failed } from './facts.ts';
import type { Drift, Joined } from './join.ts';
import type { WorkspaceItem, WorkspaceNode } from './nodes.ts';
import { agoText, driftText } from './words.ts';

export interface JudgedApp {
  readonly app: AppFacts;
  readonly joined: Joined;
  readonly steps: readonly Step[];
}

const error = { icon: 'error', colour: 'list.errorForeground' } as const;
const warning = { icon: 'warning', colour: 'list.warningForeground' } as const;
const information = { icon: 'info', colour: 'list.infoForeground' } as const;

const looks: Readonly<Record<Step['state'], { readonly icon: string; readonly colour: string }>> = {
  done: { icon: 'pass-filled', colour: 'testing.iconPassed' },
  next: { icon: 'arrow-circle-right', colour: 'charts.blue' },
  todo: { icon: 'circle-large-outline', colour: 'disabledForeground' },
  problem: warning,
  unknown: { icon: 'question', colour: 'charts.blue' },
};

/** Drifts that a step tells already. */
const inSteps: readonly Drift['code'][] = ['not-registered', 'expired', 'expiring', 'secret-alive'];
/** Findings that the checklist tells already. */
const inChecklist: readonly string[] = ['secret-in-use', 'expired', 'expires-soon'];

/** @param several the file has further configs */
export function appRows({ app, joined, steps }: JudgedApp, several: boolean, now: number): WorkspaceNode {
  const id = `${app.file}:${app.line}`;
  const drifts = joined.drifts.filter(({ code }) => !inSteps.includes(code));
  const findings = app.findings.filter(({ code }) => !inChecklist.includes(code));
  const children = [
    ...steps.map((step) => stepNode(id, step, joined, askedText(app, now))),
    ...drifts.map((drift, index) => driftNode(`${id} drift ${index}`, drift, app)),
    ...findings.map((finding, index) => findingNode(`${id} finding ${index}`, finding, app)),
    ...notes(id, app, now),
  ];
  return {
    kind: 'app',
    id,
    commandOptions: { config: app.file },
    item: appItem(app, steps, children, several),
    children,
  };
}

function appItem(
  app: AppFacts,
  steps: readonly Step[],
  children: readonly WorkspaceNode[],
  several: boolean,
): WorkspaceItem {
  const done = steps.filter(({ state }) => state === 'done').length;
  const isDone = done === steps.length;
  const problems = children.filter(({ item: { icon } }) => icon === error.icon || icon === warning.icon).length;
  const description = [
    problems === 0 ? undefined : problems === 1 ? l10n.t('1 needs action') : l10n.t('{0} need action', problems),
    isDone ? l10n.t('all done') : l10n.t('{0} of {1} done', done, steps.length),
    credentialText(app),
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
  const label = several ? `${app.path}:${app.line}` : app.path;
  const worst = children.some(({ item: { icon } }) => icon === error.icon) ? error : problems > 0 ? warning : undefined;
  return {
    label,
    description,
    ...(worst ?? (isDone ? { icon: 'verified', colour: 'testing.iconPassed' } : { icon: 'file-code' })),
    children: isDone && problems === 0 ? 'collapsed' : 'expanded',
    contextValue: `app.${['secret', 'certificate', 'none'].includes(app.credential) ? app.credential : 'other'}`,
    tooltip: [
      `${app.file}:${app.line}`,
      ...(app.clientId === undefined ? [] : [l10n.t('App registration {0}', app.clientId)]),
    ].join('\n'),
    spoken: l10n.t('App config {0}, {1}', label, description),
    place: app,
  };
}

function credentialText({ credential, keyFrom }: AppFacts): string {
  if (keyFrom === 'keyVault') return l10n.t('certificate from a vault');
  if (keyFrom === 'keyVaultSign') return l10n.t('signed in a vault');
  switch (credential) {
    case 'secret':
      return l10n.t('client secret');
    case 'certificate':
      return l10n.t('certificate');
    case 'secretAndCertificate':
      return l10n.t('secret and certificate');
    case 'assertion':
      return l10n.t('client assertion');
    case 'none':
      return l10n.t('no credential');
  }
}

/** What a step is called. */
export function stepLabel(id: StepId): string {
  switch (id) {
    case 'certificate':
      return l10n.t('Certificate');
    case 'uploaded':
      return l10n.t('Uploaded');
    case 'rewritten':
      return l10n.t('Code rewritten');
    case 'proven':
      return l10n.t('Sign-in proven');
    case 'retired':
      return l10n.t('Secret retired');
  }
}

function stateWord(state: Step['state']): string {
  switch (state) {
    case 'done':
      return l10n.t('done');
    case 'next':
      return l10n.t('next step');
    case 'todo':
      return l10n.t('later');
    case 'problem':
      return l10n.t('problem');
    case 'unknown':
      return l10n.t('not known');
  }
}

const contextOf = (action: Action | undefined): string => (action === undefined ? 'row' : `action.${action.command}`);

/** How old the answer is that the rows rely on. */
function askedText({ registration }: AppFacts, now: number): string | undefined {
  return registration.status === 'asked'
    ? l10n.t('The app registration was asked {0}.', agoText(registration.at, now))
    : undefined;
}

function stepNode(
  app: string,
  { id, state, text, action }: Step,
  { drifts }: Joined,
  asked: string | undefined,
): WorkspaceNode {
  const label = stepLabel(id);
  const told = { certificate: ['expired', 'expiring'], uploaded: ['not-registered'], retired: ['secret-alive'] };
  const codes: readonly string[] = id in told ? told[id as keyof typeof told] : [];
  const drift = state === 'problem' ? drifts.find(({ code }) => codes.includes(code)) : undefined;
  const isGrave = drift?.code === 'expired' || drift?.code === 'not-registered';
  return {
    kind: 'step',
    id: `${app} ${id}`,
    commandOptions: action?.options ?? {},
    children: [],
    item: {
      label,
      description: text,
      ...(isGrave ? error : looks[state]),
      children: 'none',
      contextValue: contextOf(action),
      tooltip: [
        drift === undefined ? `${label}: ${text}` : driftText(drift).long,
        ...(asked !== undefined && (id === 'uploaded' || id === 'retired') ? [asked] : []),
      ].join('\n'),
      spoken: `${label}, ${stateWord(state)}, ${text}`,
    },
  };
}

function driftNode(id: string, drift: Drift, app: AppFacts): WorkspaceNode {
  const { short, long } = driftText(drift);
  const action = actionFor(drift, app);
  return {
    kind: 'drift',
    id,
    commandOptions: action?.options ?? {},
    children: [],
    item: {
      label: short,
      ...(drift.code === 'registered-without-key' ? information : warning),
      children: 'none',
      contextValue: contextOf(action),
      tooltip: long,
      spoken: long,
    },
  };
}

function actionFor({ code }: Drift, { file, line, vault }: AppFacts): Action | undefined {
  if (code === 'vault-newer' || code === 'key-reused') return { command: 'rotate', options: { config: file, line } };
  if (code !== 'vault-ahead-of-registration' || vault === undefined) return undefined;
  const certificate = { vault: vault.origin, name: vault.certificate };
  return { command: 'upload', options: { config: file, certificate } };
}

const severities: Readonly<Record<Finding['severity'], typeof error | typeof warning | typeof information>> = {
  error,
  warning,
  information,
};

function findingNode(id: string, { severity, message, line, envPlace }: Finding, app: AppFacts): WorkspaceNode {
  return {
    kind: 'finding',
    id,
    commandOptions: {},
    children: [],
    item: {
      label: message,
      ...severities[severity],
      children: 'none',
      contextValue: 'row',
      tooltip: message,
      spoken: message,
      place: envPlace ?? { file: app.file, line },
    },
  };
}

/** What could not be asked, and why. */
function notes(app: string, facts: AppFacts, now: number): WorkspaceNode[] {
  const { failures, vault } = facts;
  const of = (what: string, label: string, asked: Failed | undefined): WorkspaceNode[] => {
    if (asked === undefined) return [];
    const { text, action } = unasked(asked, now);
    return [
      {
        kind: 'note',
        id: `${app} ${what}`,
        commandOptions: action?.options ?? {},
        children: [],
        item: {
          label,
          description: text,
          icon: 'debug-disconnect',
          colour: 'disabledForeground',
          children: 'none',
          contextValue: contextOf(action),
          tooltip: asked.message,
          spoken: `${label}, ${asked.message}`,
        },
      },
    ];
  };
  return [
    ...of('registration', l10n.t('App registration'), failures.registration),
    ...(vault === undefined ? [] : of('vault', l10n.t('Vault'), failures.vault)),
  ];
}
