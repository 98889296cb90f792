/** The question how the app gets its private key. Knows no editor. */
import * as l10n from '@vscode/l10n';
import { isExpectedError } from '../../base/errors.ts';
import type { KeyFromArgument } from '../automation.ts';
import { back } from '../questions.ts';
import type { Choice } from '../questions.ts';
import type { Step } from '../steps.ts';
import { isInVault } from './inVault.ts';
import type { SetUpAnswers, SetUpFlow } from './setUpFlow.ts';

/**
 * Offers the ways that fit the certificate. One that turns out not to work, because the key may not or cannot be fetched, says why
 * above the list, which is shown again.
 */
export function keyFromStep(flow: SetUpFlow): Step<SetUpAnswers> {
  return {
    id: 'keyFrom',
    needed: (answers) => answers.keyFrom === undefined,
    ask: async (questions, frame, { certificate }, before) => {
      const inVault = isInVault(certificate);
      const choices = inVault ? [fromVault(), ...local(true)] : local(false);
      const last = inVault ? flow.memory.vaultKeyFrom : flow.memory.keyFrom;
      let active = before?.keyFrom ?? last;
      let problem: string | undefined;
      for (;;) {
        const keyFrom = await questions.pick<KeyFromArgument>({
          ...frame,
          placeholder: l10n.t('How does the app get its private key?'),
          ...(problem === undefined ? {} : { prompt: problem }),
          choices,
          active: Math.max(
            choices.findIndex(({ value }) => value === active),
            0,
          ),
        });
        if (keyFrom === back) return back;
        if (!inVault) return { keyFrom };
        try {
          await flow.checkInVault(certificate, keyFrom);
          return { keyFrom };
        } catch (error) {
          if (!isExpectedError(error)) throw error;
          problem = error.message;
          active = keyFrom;
        }
      }
    },
  };
}

function fromVault(): Choice<KeyFromArgument> {
  return {
    value: 'keyVault',
    label: l10n.t('From Key Vault, When the App Starts'),
    description: l10n.t('recommended for production'),
    detail: l10n.t('Nothing to copy: the identity that the app runs as fetches it. It needs a role in the vault.'),
    icon: 'cloud',
  };
}

/** @param isFetched the key has to be taken out of a vault first */
function local(isFetched: boolean): Choice<KeyFromArgument>[] {
  return [
    {
      value: 'file',
      label: l10n.t('From a Key File'),
      description: isFetched ? l10n.t('for one machine') : l10n.t('recommended for one machine'),
      detail: isFetched
        ? l10n.t('The key is fetched now and leaves the vault. Path and pass phrase come from the environment.')
        : l10n.t('The path and the pass phrase come from the environment.'),
      icon: 'file',
    },
    {
      value: 'environment',
      label: l10n.t('From an Environment Variable'),
      description: l10n.t('for containers and app services'),
      detail: isFetched
        ? l10n.t('The key is fetched now and leaves the vault, as one line of base64.')
        : l10n.t('The variable holds the whole key as one line of base64.'),
      icon: 'symbol-variable',
    },
  ];
}
