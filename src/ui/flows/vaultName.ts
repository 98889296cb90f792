/** The name of a new vault certificate: checked while it is typed, and what to do when it is taken. Knows no editor. */
import * as l10n from '@vscode/l10n';
import { ExpectedError, isExpectedError } from '../../base/errors.ts';
import type { Clock } from '../../base/ports.ts';
import type { CallOptions, VaultClient } from '../../azure/types.ts';
import { back } from '../questions.ts';
import type { Back, Choice, Questions, TextProblem } from '../questions.ts';
import type { StepFrame } from '../steps.ts';

/** What a name of a vault stands for. `unknown`: the vault does not let us look; its answer to the creation will tell. */
export type NameState = 'free' | 'taken' | 'pending' | 'deleted' | 'unknown';

/** What happens to what has the name. */
export type NameConflict = 'newVersion' | 'renew' | 'recover' | 'purge' | 'cancelPending' | 'wait';

export interface NameAnswer {
  readonly name: string;
  /** Absent where the name is free. */
  readonly conflict?: NameConflict;
}

/** Between the last key and the question to the vault, in ms. */
const pause = 300;

type NameClient = Pick<VaultClient, 'vault' | 'get' | 'getDeleted' | 'creation'>;

export async function nameState(client: NameClient, name: string, options?: CallOptions): Promise<NameState> {
  try {
    const { certificateDer } = await client.get({ name }, options);
    if ((await client.creation(name, options))?.status === 'inProgress') return 'pending';
    // What is left of a cancelled first creation does not keep the name.
    return certificateDer === undefined ? 'free' : 'taken';
  } catch (error) {
    if (!isExpectedError(error)) throw error;
    if (error.code !== 'certificate-not-found') return 'unknown';
  }
  try {
    await client.getDeleted(name, options);
    return 'deleted';
  } catch (error) {
    if (!isExpectedError(error)) throw error;
    return error.code === 'deleted-certificate-not-found' ? 'free' : 'unknown';
  }
}

/**
 * Asks for a name, and where it is taken what to do about it.
 * @param offers which ways out make sense here, besides another name
 */
export async function askVaultName(
  client: NameClient,
  questions: Questions,
  frame: StepFrame,
  value: string,
  clock: Clock,
  offers: readonly NameConflict[],
): Promise<NameAnswer | Back> {
  const known = new Map<string, NameState>();
  const look = async (name: string, signal?: AbortSignal): Promise<NameState> => {
    const key = name.toLowerCase();
    const state =
      known.get(key) ??
      (await nameState(client, name, { interactive: false, ...(signal === undefined ? {} : { signal }) }));
    known.set(key, state);
    return state;
  };
  for (let typed = value; ;) {
    const name = await questions.text({
      ...frame,
      prompt: l10n.t('Name of the certificate in {0}: letters, digits and hyphens', client.vault.name),
      value: typed,
      validate: (text, signal) => {
        const problem = formProblem(text);
        if (problem !== undefined) return problem;
        const state = known.get(text.toLowerCase());
        if (state !== undefined) return stateProblem(text, state);
        return clock
          .delay(pause, signal)
          .then(() => look(text, signal))
          .then((found) => stateProblem(text, found));
      },
    });
    if (name === back) return back;
    const conflict = await askConflict(name, await look(name), client, questions, frame, offers);
    if (conflict !== back) return conflict === undefined ? { name } : { name, conflict };
    typed = name;
  }
}

/** What to do about a name that is taken; undefined where it is free, back for another name. */
export async function askConflict(
  name: string,
  state: NameState,
  client: Pick<VaultClient, 'vault'>,
  questions: Questions,
  frame: Pick<StepFrame, 'title'> & Partial<StepFrame>,
  offers: readonly NameConflict[],
): Promise<NameConflict | Back | undefined> {
  if (state === 'free' || state === 'unknown') return undefined;
  const { prompt, ways } = conflicts[state];
  const choices: Choice<NameConflict | Back>[] = ways
    .filter((way) => offers.includes(way))
    .map((way) => wayChoices[way]());
  return questions.pick<NameConflict | Back>({
    ...frame,
    canGoBack: true,
    placeholder: l10n.t('What is to be done?'),
    prompt: prompt(name, client.vault.name),
    choices: [...choices, { label: l10n.t('Choose Another Name'), icon: 'edit', value: back }],
  });
}

/** What a caller that cannot be asked is told about a name that is taken. */
export function conflictError(
  name: string,
  state: 'taken' | 'pending' | 'deleted',
  client: Pick<VaultClient, 'vault'>,
): ExpectedError {
  const { name: vault } = client.vault;
  switch (state) {
    case 'taken':
      return new ExpectedError(
        'certificate-exists',
        l10n.t(
          '{0} exists already in {1}. Choose another name, or make a new version of it, which has another thumbprint.',
          name,
          vault,
        ),
      );
    case 'pending':
      return new ExpectedError(
        'creation-pending',
        l10n.t('A creation of {0} is already under way in {1}. Wait for it or cancel it first.', name, vault),
      );
    case 'deleted':
      return new ExpectedError(
        'name-soft-deleted',
        l10n.t(
          'The name {0} belongs to a deleted certificate of {1} that can still be recovered. Recover it, purge it, or choose another name.',
          name,
          vault,
        ),
      );
  }
}

/** A name that cannot be, before anybody is asked. */
function formProblem(name: string): TextProblem | undefined {
  return /^[0-9a-zA-Z-]{1,127}$/.test(name)
    ? undefined
    : { severity: 'error', message: l10n.t('Type 1 to 127 letters, digits and hyphens.') };
}

function stateProblem(name: string, state: NameState): TextProblem | undefined {
  switch (state) {
    case 'taken':
      return { severity: 'warning', message: l10n.t('{0} exists already. Enter offers what can be done.', name) };
    case 'pending':
      return {
        severity: 'warning',
        message: l10n.t('{0} is being created already. Enter offers what can be done.', name),
      };
    case 'deleted':
      return {
        severity: 'warning',
        message: l10n.t('The name belongs to a deleted certificate. Enter offers to recover or to purge it.'),
      };
    default:
      return undefined;
  }
}

const conflicts: Readonly<
  Record<
    'taken' | 'pending' | 'deleted',
    { readonly prompt: (name: string, vault: string) => string; readonly ways: readonly NameConflict[] }
  >
> = {
  taken: {
    prompt: (name, vault) =>
      l10n.t('{0} exists already in {1}. A new version has another thumbprint; the versions before stay.', name, vault),
    ways: ['newVersion', 'renew'],
  },
  pending: {
    prompt: (name, vault) => l10n.t('A creation of {0} is already under way in {1}.', name, vault),
    ways: ['wait', 'cancelPending'],
  },
  deleted: {
    prompt: (name, vault) =>
      l10n.t('The name {0} belongs to a deleted certificate of {1} that can still be recovered.', name, vault),
    ways: ['recover', 'purge'],
  },
};

const wayChoices: Readonly<Record<NameConflict, () => Choice<NameConflict>>> = {
  newVersion: () => ({
    label: l10n.t('Make a New Version'),
    detail: l10n.t('With what you choose here; it becomes the policy of the certificate.'),
    icon: 'add',
    value: 'newVersion',
  }),
  renew: () => ({
    label: l10n.t('Renew It'),
    detail: l10n.t('A new version with the policy that the certificate has.'),
    icon: 'refresh',
    value: 'renew',
  }),
  recover: () => ({
    label: l10n.t('Recover the Deleted Certificate'),
    detail: l10n.t('With all its versions and keys.'),
    icon: 'discard',
    value: 'recover',
  }),
  purge: () => ({
    label: l10n.t('Purge It and Take the Name'),
    detail: l10n.t('The deleted certificate and its keys are gone for ever.'),
    icon: 'flame',
    value: 'purge',
  }),
  wait: () => ({
    label: l10n.t('Wait for It'),
    detail: l10n.t('Nothing new is created.'),
    icon: 'clock',
    value: 'wait',
  }),
  cancelPending: () => ({
    label: l10n.t('Cancel It and Create Anew'),
    detail: l10n.t('A signing request that was sent to a certificate authority becomes useless.'),
    icon: 'close',
    value: 'cancelPending',
  }),
};
