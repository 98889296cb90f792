/**
 * The questions for a vault and for one of its certificates. Lists grow while they are open; a vault that is not listed can be
 * typed. Knows no editor.
 */
import * as l10n from '@vscode/l10n';
import { CancelledError, isExpectedError } from '../../base/errors.ts';
import type { AzureParts, FoundVaults, Vault, VaultCertificate, VaultClient } from '../../azure/types.ts';
import type { Back, Choice, Questions } from '../questions.ts';
import type { StepFrame } from '../steps.ts';
import { stateOf, stateText } from '../vaultTree/states.ts';
import type { CertificateState, Thresholds } from '../vaultTree/states.ts';

export interface VaultFlowTools {
  azure(): AzureParts;
  /** Where the vault chosen last is kept; its address only. */
  readonly memory: {
    get(key: string): unknown;
    update(key: string, value: unknown): PromiseLike<void>;
  };
}

type Frame = Pick<StepFrame, 'title'> & Partial<StepFrame>;

const memoryKey = 'vault';

/** A vault: of those that the account can see, the one used last first, or by its name or address. */
export async function askVault(
  tools: VaultFlowTools,
  questions: Questions,
  frame: Frame,
  placeholder = l10n.t('Which vault? Choose one, or type its name or address'),
): Promise<Vault | Back> {
  const azure = tools.azure();
  const last = rememberedVault(tools, azure);
  const answer = await questions.pick<Vault>({
    ...frame,
    placeholder,
    choices: last === undefined ? [] : [{ ...vaultChoice(last), description: l10n.t('used last') }],
    typed: (value) => typedVault(azure, value),
    more: async (add, signal) => {
      const shown = new Set(last === undefined ? [] : [last.origin]);
      const show = ({ vaults }: FoundVaults) => {
        const fresh = vaults.filter(({ origin }) => !shown.has(origin));
        for (const { origin } of fresh) shown.add(origin);
        add(fresh.map(vaultChoice));
      };
      return tell(await azure.discovery.vaults({ interactive: true, signal, onFound: show }));
    },
  });
  if (typeof answer === 'object') await tools.memory.update(memoryKey, { name: answer.name, origin: answer.origin });
  return answer;
}

/** What keeps tenants from showing their vaults, or that there is nothing to show. */
function tell({ vaults, problems }: FoundVaults): string | undefined {
  const [problem] = problems;
  if (problem !== undefined) {
    const tenant = problem.tenant.displayName ?? problem.tenant.domain ?? problem.tenant.id;
    return l10n.t('The vaults of {0} are missing. {1}', tenant, problem.message);
  }
  return vaults.length === 0
    ? l10n.t('Your account sees no vault. Type the name or the address of one that you may use.')
    : undefined;
}

function vaultChoice(vault: Vault): Choice<Vault> {
  const where = [vault.subscription, vault.resourceGroup].filter((one) => one !== undefined);
  return {
    label: vault.name,
    icon: 'archive',
    ...(where.length === 0 ? {} : { description: where.join(' · ') }),
    value: vault,
  };
}

function typedVault(azure: AzureParts, value: string): Choice<Vault> | undefined {
  const vault = vaultOf(azure, value);
  return vault === undefined
    ? undefined
    : { label: l10n.t('Use {0}', vault.name), description: vault.origin, icon: 'arrow-right', value: vault };
}

function rememberedVault(tools: VaultFlowTools, azure: AzureParts): Vault | undefined {
  const kept = tools.memory.get(memoryKey) as Partial<Vault> | undefined;
  if (typeof kept?.name !== 'string' || typeof kept.origin !== 'string') return undefined;
  const vault = vaultOf(azure, kept.origin);
  return vault === undefined ? undefined : { ...vault, name: kept.name };
}

/** Undefined for what is no vault of this cloud. */
function vaultOf(azure: AzureParts, input: string): Vault | undefined {
  try {
    return azure.vaults.fromInput(input);
  } catch (error) {
    if (isExpectedError(error)) return undefined;
    throw error;
  }
}

export interface CertificateWish<T = never> {
  readonly placeholder?: string;
  /** Default `live`: all that are not deleted, first creations under way included. */
  readonly from?: 'live' | 'deleted';
  /** Which of them are offered. */
  readonly filter?: (certificate: VaultCertificate) => boolean;
  /** Choices above the certificates, such as making a new one. */
  readonly first?: readonly Choice<T>[];
  /** Milliseconds since the epoch; for what is said about expiry. */
  readonly now: number;
}

/** One of a vault's certificates; the list is loaded page by page while it is open. */
export async function askVaultCertificate<T = never>(
  client: Pick<VaultClient, 'vault' | 'list' | 'deleted'>,
  questions: Questions,
  frame: Frame,
  wish: CertificateWish<T>,
): Promise<VaultCertificate | T | Back> {
  return questions.pick<VaultCertificate | T>({
    ...frame,
    placeholder: wish.placeholder ?? l10n.t('Which certificate of {0}?', client.vault.name),
    choices: wish.first ?? [],
    more: async (add, signal) => {
      const pages =
        wish.from === 'deleted'
          ? client.deleted({ interactive: true, signal })
          : client.list({ interactive: true, signal });
      let count = 0;
      for await (const page of pages) {
        if (signal.aborted) throw new CancelledError();
        const shown = page.filter((certificate) => wish.filter?.(certificate) !== false);
        count += shown.length;
        add(shown.map((certificate) => certificateChoice(certificate, wish.now)));
      }
      return count === 0 ? l10n.t('The vault {0} has no certificate for this.', client.vault.name) : undefined;
    },
  });
}

function certificateChoice(certificate: VaultCertificate, now: number): Choice<VaultCertificate> {
  const state = stateOf(certificate, usualThresholds, now);
  return {
    label: certificate.name,
    description: stateText(certificate, state, now),
    icon: icons[state],
    value: certificate,
  };
}

/** Defaults of the settings: here they choose between two wordings only. */
const usualThresholds: Thresholds = { days: 30, urgentDays: 7, percent: 90 };

const icons: Readonly<Record<CertificateState, string>> = {
  expired: 'error',
  urgent: 'warning',
  expiring: 'warning',
  valid: 'verified',
  notYetValid: 'clock',
  pending: 'clock',
  unfinished: 'circle-large-outline',
  disabled: 'circle-slash',
  deleted: 'trash',
};
