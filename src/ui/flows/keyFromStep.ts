/** The question how the app gets its private key. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { AppConfig } from '../../appConfig/types.ts';
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
    ask: async (questions, frame, { certificate, config }, before) => {
      const inVault = isInVault(certificate);
      const choices = inVault ? [...fromVault(config), ...local(true)] : local(false);
      const last = inVault ? flow.memory.vaultKeyFrom : flow.memory.keyFrom;
      let active = before?.keyFrom ?? last ?? (inVault ? recommended(config) : undefined);
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
          await flow.checkInVault(certificate, keyFrom, config);
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

/**
 * The two ways through a vault, the better one for this app first. What is compared: where the key lives, what the app waits and pays for,
 * which roles it needs, which msal-node; the README has the whole table.
 */
function fromVault(config: AppConfig | undefined): Choice<KeyFromArgument>[] {
  const best = recommended(config);
  const note = (kind: KeyFromArgument): string =>
    kind === best ? l10n.t('recommended for production') : l10n.t('for production');
  const fetched: Choice<KeyFromArgument> = {
    value: 'keyVault',
    label: l10n.t('From Key Vault, When the App Starts'),
    description: note('keyVault'),
    detail: l10n.t('Fetched at every start, which waits for it, and held in memory. Needs one role.'),
    icon: 'cloud',
  };
  const signed: Choice<KeyFromArgument> = {
    value: 'keyVaultSign',
    label: l10n.t('Key Vault Signs, the Key Never Leaves It'),
    description: canSign(config) ? note('keyVaultSign') : l10n.t('needs @azure/msal-node 2.8.1 or later'),
    detail: l10n.t('Signed once in nine minutes, some 5,000 paid calls a month. Needs two narrow roles.'),
    icon: 'lock',
  };
  return best === 'keyVaultSign' ? [signed, fetched] : [fetched, signed];
}

/**
 * Signing, wherever the app can: it is the strictest, and as its configuration stays as it is, it changes least. An older msal-node has to
 * hold the key.
 */
function recommended(config: AppConfig | undefined): KeyFromArgument {
  return canSign(config) ? 'keyVaultSign' : 'keyVault';
}

/** Whether msal-node takes a function for its assertions (src/appConfig/keyVaultSign/plan.ts). */
function canSign(config: AppConfig | undefined): boolean {
  const [major = 0, minor = 0, patch = 0] = (config?.msal.version ?? '').split('.').map(Number.parseFloat);
  return major > 2 || (major === 2 && (minor > 8 || (minor === 8 && patch >= 1)));
}

/** @param isFetched the key has to be taken out of a vault first */
function local(isFetched: boolean): Choice<KeyFromArgument>[] {
  return [
    {
      value: 'file',
      label: l10n.t('From a Key File'),
      description: isFetched ? l10n.t('for one machine') : l10n.t('recommended for one machine'),
      detail: isFetched
        ? l10n.t('Fetched now: the key leaves the vault. Path and pass phrase are in the environment.')
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
