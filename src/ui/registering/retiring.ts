/** From the choice of secrets to their removal and the local clean-up: what is gone from the directory is always told, and cleaned up after. */
import * as vscode from 'vscode';
import { isExpectedError } from '../../base/errors.ts';
import type { ExpectedError } from '../../base/errors.ts';
import type { PlanWarning } from '../../appConfig/types.ts';
import type { RegisteredSecret, RemovalOutcome } from '../../azure/types.ts';
import { prepareRetirement, underRetirement } from '../../setup/index.ts';
import type { FinishRetirement, LocalRetirement } from '../../setup/index.ts';
import type { LeftOver } from '../automation.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import { rememberRetired } from './retiredBefore.ts';
import { describeSecret } from './retirement.ts';
import type { Retirement } from './retirement.ts';

/** What is to go, and of it what a run before this one has removed from the directory already. */
export interface ChosenSecrets {
  readonly secrets: readonly RegisteredSecret[];
  readonly gone: readonly RegisteredSecret[];
}

/** The local files without the secrets, looked at and not touched yet. */
export interface CleanUp {
  readonly local: LocalRetirement;
  /** What cannot be cleaned up by us. */
  readonly left: readonly PlanWarning[];
  /** Certainly one of those that go: it begins like one of them and like none that stays. */
  isRetired(value: string): boolean;
}

export interface Retired {
  readonly removed: readonly RegisteredSecret[];
  /** The registration's secrets that stay. */
  readonly remaining: readonly RegisteredSecret[];
  readonly cleanUp: CleanUp;
  readonly changed: readonly string[];
  /** What was in the way, and what the directory still shows. */
  readonly left: readonly LeftOver[];
}

/** Rejects as `prepareRetirement` does. */
export async function planCleanUp(
  { config, roots, setup, registration }: Retirement,
  going: readonly RegisteredSecret[],
  services: Services,
): Promise<CleanUp> {
  const hints = going.flatMap(({ hint }) => (hint === undefined ? [] : [hint]));
  const staying = without(registration.secrets, going);
  const isRetired = (value: string): boolean =>
    hints.some((hint) => value.startsWith(hint)) &&
    !staying.some(({ hint }) => hint === undefined || value.startsWith(hint));
  const variable = setup?.variables.secret;
  const request = { config, roots, ...(variable === undefined ? {} : { variable }), isRetired };
  const plan = await services.appConfigs().planRetire(request, services.files);
  return { local: await prepareRetirement(config.file, plan.files, services.setupPorts), left: plan.left, isRetired };
}

/**
 * Removes the secrets from the directory and cleans up. From the first that is gone on it resolves, also when its user cancels. Rejects with
 * `setup-in-progress` before that, where another window works on the app.
 * @param prepared the clean-up that was confirmed, for when all of them go
 */
export function retire(
  retirement: Retirement,
  chosen: ChosenSecrets,
  prepared: CleanUp,
  services: Services,
): Promise<Retired> {
  return underRetirement(retirement.config.file, prepared.local, services.setupPorts, (finish) =>
    removeAndFinish(retirement, chosen, prepared, services, finish),
  );
}

async function removeAndFinish(
  retirement: Retirement,
  { secrets, gone }: ChosenSecrets,
  prepared: CleanUp,
  services: Services,
  finish: FinishRetirement,
): Promise<Retired> {
  const { application, registration, maySignIn } = retirement;
  const wanted = [...secrets, ...gone];
  // Before the removal: a window that is closed right after it still knows whose value the local one was.
  await rememberRetired(application.appId, secrets, services);
  const keyIds = wanted.map(({ keyId }) => keyId);
  const outcome = await withProgress(
    vscode.l10n.t('Removing the client secret'),
    (signal) => services.azure().registrations.removeSecrets(application, keyIds, { interactive: maySignIn, signal }),
    { keepsResult: true },
  );
  const removed = wanted.filter(({ keyId }) => outcome.kept?.keyIds.includes(keyId) !== true);
  const cleanUp = outcome.kept === undefined ? prepared : await planAgain(retirement, removed, prepared, services);
  const { written, problems } = await finish(cleanUp.local, application.appId);
  return {
    removed,
    remaining: without(registration.secrets, removed),
    cleanUp,
    changed: written ? cleanUp.local.paths : [],
    left: [...problems.map(problemOf), ...notesOn(outcome, wanted)],
  };
}

/** Fewer are gone than was confirmed: the values of the others stay. What hinders is told when the files are to be written. */
async function planAgain(
  retirement: Retirement,
  removed: readonly RegisteredSecret[],
  prepared: CleanUp,
  services: Services,
): Promise<CleanUp> {
  try {
    return await planCleanUp(retirement, removed, services);
  } catch (error) {
    if (!isExpectedError(error)) throw error;
    const fails = () => Promise.reject(error);
    return { ...prepared, local: { paths: [], write: fails, undo: fails } };
  }
}

const without = (all: readonly RegisteredSecret[], some: readonly RegisteredSecret[]): RegisteredSecret[] =>
  all.filter(({ keyId }) => !some.some((one) => one.keyId === keyId));

function problemOf({ message, details: { file } }: ExpectedError): LeftOver {
  return { kind: 'value', place: 'file', ...(file === undefined ? {} : { file }), message };
}

function notesOn({ unconfirmed = [], kept }: RemovalOutcome, wanted: readonly RegisteredSecret[]): LeftOver[] {
  const named = (ids: readonly string[]) => wanted.filter(({ keyId }) => ids.includes(keyId)).map(describeSecret);
  const note = (message: string): LeftOver => ({ kind: 'secret', place: 'registration', message });
  const { keyIds = [], reason } = kept ?? {};
  return [
    ...named(unconfirmed).map((secret) =>
      note(
        vscode.l10n.t(
          'Microsoft Graph has accepted the removal of the client secret {0}, but may list it for some minutes more.',
          secret,
        ),
      ),
    ),
    ...(reason === undefined ? [] : named(keyIds)).map((secret) =>
      note(vscode.l10n.t('The client secret {0} was not removed: {1}', secret, reason ?? '')),
    ),
  ];
}
