/**
 * The steps from a client secret to a certificate for one app, each with its state, one line of words and the command that leads on.
 * They are the headings of the guide in an order in which nothing breaks. Pure.
 */
import * as l10n from '@vscode/l10n';
import type { CommandName } from '../../contributions.ts';
import { dayText, expiryText } from '../vaultTree/states.ts';
import type { AppFacts, CertificateFact } from './facts.ts';
import type { Drift, Joined } from './join.ts';
import { agoText, shortThumbprint } from './words.ts';

export const stepIds = ['certificate', 'uploaded', 'rewritten', 'proven', 'retired'] as const;
export type StepId = (typeof stepIds)[number];

/** `next`: the one to do now; `todo`: later; `problem`: done and no longer right; `unknown`: it takes asking somebody. */
export type StepState = 'done' | 'next' | 'todo' | 'problem' | 'unknown';

/** A command with the options that it is handed. */
export interface Action {
  readonly command: Extract<
    CommandName,
    | 'setUp'
    | 'continueSetup'
    | 'upload'
    | 'prove'
    | 'retireSecret'
    | 'rotate'
    | 'useInApp'
    | 'undoSetup'
    | 'signIn'
    | 'refreshWorkspace'
  >;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Step {
  readonly id: StepId;
  readonly state: StepState;
  /** What is so, in a few words. */
  readonly text: string;
  readonly action?: Action;
}

/** @param now ms since the epoch */
export function checklist(app: AppFacts, joined: Joined, now: number): Step[] {
  const steps = [
    certificateStep(app, joined, now),
    uploadedStep(app, joined, now),
    rewrittenStep(app),
    provenStep(app, joined, now),
    retiredStep(app, joined, now),
  ];
  const first = steps.findIndex(({ state }) => state !== 'done' && state !== 'unknown');
  // What comes after the next step waits for it: its button would lead into a refusal.
  return steps.map((step, index) => {
    if (step.state !== 'todo') return step;
    if (index === first) return { ...step, state: 'next' };
    const { id, state, text } = step;
    return { id, state, text };
  });
}

/** The newest proof of the certificate that the code names; ms since the epoch. */
export function provenAt(app: Pick<AppFacts, 'certificate' | 'proofs'>): number | undefined {
  const { certificate, proofs } = app;
  if (certificate === undefined) return undefined;
  const of = ({ thumbprintSha256, thumbprintSha1 }: { thumbprintSha256?: string; thumbprintSha1?: string }) =>
    [
      [thumbprintSha256, certificate.thumbprintSha256],
      [thumbprintSha1, certificate.thumbprintSha1],
    ].some(([a, b]) => a !== undefined && a !== '' && a.toUpperCase() === b);
  const times = proofs.filter(of).map(({ at }) => Date.parse(at));
  return times.some(Number.isFinite) ? Math.max(...times.filter(Number.isFinite)) : undefined;
}

/** Whether the code authenticates with a certificate, in one of the ways that this extension knows. */
export function isRewritten({ credential, vault }: Pick<AppFacts, 'credential' | 'vault'>): boolean {
  return credential === 'certificate' || (credential === 'assertion' && vault !== undefined);
}

const at = ({ file, line }: AppFacts) => ({ config: file, line });

/** The app makes a client assertion in a way that is not ours: what it is made with cannot be seen. */
const isForeign = (app: AppFacts): boolean => app.credential === 'assertion' && !isRewritten(app);

const dependsOnAssertion = (id: StepId): Step => ({
  id,
  state: 'unknown',
  text: l10n.t('depends on the assertion'),
});

/** What stands before the rewrite: a setup that waits, with its certificate. */
function waiting({ setup }: AppFacts) {
  const { unfinished } = setup;
  return unfinished === undefined || unfinished.state === 'undoing' ? undefined : unfinished;
}

function certificateStep(app: AppFacts, joined: Joined, now: number): Step {
  const id = 'certificate';
  const rotate: Action = { command: 'rotate', options: at(app) };
  const expired = joined.drifts.find(
    (one): one is Extract<Drift, { expires: number }> => one.code === 'expired' || one.code === 'expiring',
  );
  if (expired !== undefined) return { id, state: 'problem', text: expiryText(expired.expires, now), action: rotate };
  const made = waiting(app)?.certificate;
  if (made !== undefined && !isRewritten(app)) {
    return { id, state: 'done', text: l10n.t('{0}, not used by the app yet', shortThumbprint(made)) };
  }
  if (joined.certificate !== undefined) return { id, state: 'done', text: certificateText(joined.certificate) };
  if (isRewritten(app)) {
    return { id, state: 'unknown', text: l10n.t('not found on this machine'), action: refresh };
  }
  if (isForeign(app)) return { id, state: 'unknown', text: l10n.t('the app makes its own assertion') };
  // Without a secret there is nothing to replace, and with both nobody knows what to.
  const action: Action = { command: 'setUp', options: at(app) };
  return { id, state: 'todo', text: l10n.t('none yet'), ...(app.credential === 'secret' ? { action } : {}) };
}

function certificateText(certificate: CertificateFact): string {
  const thumbprint = shortThumbprint(certificate);
  return certificate.expires === undefined
    ? thumbprint
    : l10n.t('valid until {0} · {1}', dayText(certificate.expires), thumbprint);
}

const refresh: Action = { command: 'refreshWorkspace', options: {} };

function uploadedStep(app: AppFacts, joined: Joined, now: number): Step {
  const id = 'uploaded';
  const { registration, setup } = app;
  const made = waiting(app);
  if (made !== undefined && !isRewritten(app)) {
    if (made.registered) return { id, state: 'done', text: l10n.t('registered') };
    return { id, state: 'todo', text: l10n.t('not registered yet'), action: uploadOf(app, made) };
  }
  if (isForeign(app)) return dependsOnAssertion(id);
  if (joined.certificate === undefined && !isRewritten(app)) {
    return { id, state: 'todo', text: l10n.t('after the certificate is made') };
  }
  if (joined.registered === true) {
    const known = registration.status === 'asked' ? registration.value.name : undefined;
    return {
      id,
      state: 'done',
      text: known === undefined ? l10n.t('a token was issued for it') : l10n.t('registered at {0}', known),
    };
  }
  if (joined.registered === false) {
    return {
      id,
      state: 'problem',
      text: l10n.t('the app registration does not have it'),
      action: uploadOf(app, setup.applied),
    };
  }
  const applied = setup.applied?.certificate.thumbprintSha256;
  if (setup.applied?.registered === true && applied === app.certificate?.thumbprintSha256) {
    return { id, state: 'done', text: l10n.t('uploaded by the setup; not asked since') };
  }
  return { id, state: 'unknown', ...unasked(registration, now) };
}

/** The public certificate, so that nobody has to look for it. */
function uploadOf(
  { file, vault }: AppFacts,
  setup: { readonly files: { readonly certificate?: string } } | undefined,
): Action {
  const certificate =
    vault !== undefined
      ? {
          vault: vault.origin,
          name: vault.certificate,
          ...(vault.version === 'latest' ? {} : { version: vault.version }),
        }
      : setup?.files.certificate === undefined
        ? undefined
        : { file: setup.files.certificate };
  return { command: 'upload', options: { config: file, ...(certificate === undefined ? {} : { certificate }) } };
}

/** Ways in which nobody is signed in: signing in helps. */
const signedOut: readonly string[] = ['not-signed-in', 'sign-in-failed', 'wrong-tenant'];

/** Why something over the network is not known, and what helps. */
export function unasked(
  asked: AppFacts['registration'] | AppFacts['inVault'],
  now: number,
): Pick<Step, 'text' | 'action'> {
  if (asked.status === 'notAsked') return { text: l10n.t('not asked yet'), action: refresh };
  if (asked.status === 'asked') return { text: l10n.t('asked {0}', agoText(asked.at, now)), action: refresh };
  return signedOut.includes(asked.code)
    ? { text: l10n.t('not signed in, so not asked'), action: { command: 'signIn', options: {} } }
    : { text: l10n.t('could not be asked {0}', agoText(asked.at, now)), action: refresh };
}

function rewrittenStep(app: AppFacts): Step {
  const id = 'rewritten';
  const { credential, file } = app;
  const made = waiting(app);
  if (made !== undefined) {
    const action: Action = { command: 'continueSetup', options: { config: file } };
    return made.state === 'stopped'
      ? { id, state: 'todo', text: l10n.t('waits to be continued'), action }
      : { id, state: 'problem', text: l10n.t('was interrupted'), action };
  }
  if (app.setup.unfinished !== undefined) {
    const action: Action = { command: 'undoSetup', options: { config: file } };
    return { id, state: 'problem', text: l10n.t('undoing was interrupted'), action };
  }
  switch (credential) {
    case 'certificate':
      return { id, state: 'done', text: l10n.t('uses a certificate') };
    case 'assertion':
      return { id, state: 'done', text: l10n.t('uses a client assertion') };
    case 'secretAndCertificate':
      return { id, state: 'problem', text: l10n.t('names a secret and a certificate, which MSAL refuses') };
    case 'secret':
      return { id, state: 'todo', text: l10n.t('uses the client secret'), action: use(app) };
    case 'none':
      return { id, state: 'todo', text: l10n.t('has no credential that could be replaced') };
  }
}

const use = (app: AppFacts): Action => ({ command: 'useInApp', options: at(app) });

function provenStep(app: AppFacts, { certificate }: Joined, now: number): Step {
  const id = 'proven';
  const action: Action = { command: 'prove', options: at(app) };
  const proven = provenAt(app);
  if (isForeign(app)) return dependsOnAssertion(id);
  if (!isRewritten(app)) return { id, state: 'todo', text: l10n.t('after the code is rewritten') };
  if (proven !== undefined) return { id, state: 'done', text: agoText(proven, now) };
  if (certificate !== undefined && app.proofs.length > 0) {
    return { id, state: 'todo', text: l10n.t('with an earlier certificate only'), action };
  }
  return { id, state: 'todo', text: l10n.t('no token was asked for yet'), action };
}

function retiredStep(app: AppFacts, joined: Joined, now: number): Step {
  const id = 'retired';
  const { registration, setup, credential } = app;
  const isProven = isRewritten(app) && provenAt(app) !== undefined;
  const action: Action = { command: 'retireSecret', options: { config: app.file } };
  const alive = joined.drifts.find((one) => one.code === 'secret-alive');
  if (alive !== undefined && isRewritten(app)) {
    const text =
      alive.secrets === 1
        ? l10n.t('the app registration still has a secret')
        : l10n.t('the app registration still has {0} secrets', alive.secrets);
    return { id, state: 'problem', text, action };
  }
  if (credential === 'secret' || credential === 'secretAndCertificate') {
    return { id, state: 'todo', text: l10n.t('stays until the sign-in is proven') };
  }
  if (registration.status === 'asked') {
    const { secrets } = registration.value;
    if (secrets.every(({ expires }) => (expires ?? Infinity) <= now)) {
      return { id, state: 'done', text: l10n.t('the app registration has none that works') };
    }
    return { id, state: 'todo', text: l10n.t('stays until the sign-in is proven') };
  }
  if (isForeign(app)) return dependsOnAssertion(id);
  const retired = setup.applied?.retired;
  if (retired !== undefined) return { id, state: 'done', text: agoText(Date.parse(retired), now) };
  if (!isProven) return { id, state: 'todo', text: l10n.t('stays until the sign-in is proven') };
  const reason = unasked(registration, now);
  // Whether there is one is asked by retiring itself.
  return { id, state: 'todo', text: reason.text, action };
}
