/** Tags, state and policy of a vault certificate. */
import * as vscode from 'vscode';
import { CancelledError } from '../../../base/errors.ts';
import type { PropertyChange, VaultCertificateDetails, VaultPolicy } from '../../../azure/types.ts';
import { askTags } from '../../flows/tags.ts';
import { askPolicy } from '../../flows/vaultPolicy.ts';
import { back } from '../../questions.ts';
import type { Services } from '../../services.ts';
import type { Command } from '../run.ts';
import { policyOf, policyResult, policyTools } from './policyOptions.ts';
import { confirmedVersionSchema, editPolicySchema, editPropertiesSchema, versionSchema } from './schemas.ts';
import { changeVault, confirmed, resultOf, targetOf } from './target.ts';
import type { Target } from './target.ts';

interface Version extends Target {
  /** Default the newest. */
  readonly version: string | undefined;
}

export const editProperties: Command<'editProperties'> = {
  schema: editPropertiesSchema,
  changes: true,
  async run(run, services) {
    const { options } = run;
    const title = vscode.l10n.t('Edit Tags');
    const wish = { filter: ({ pending }: { readonly pending?: boolean }) => pending !== true };
    const target = { ...(await targetOf(run, title, wish, services)), version: options.version };
    const { enabled } = options;
    const tags = options.tags ?? (enabled === undefined ? await newTags(target, title, services) : undefined);
    const change = { ...(tags === undefined ? {} : { tags }), ...(enabled === undefined ? {} : { enabled }) };
    return resultOf(target.client, await update(target, change, services));
  },
};

export const enableInVault: Command<'enableInVault'> = {
  schema: versionSchema,
  changes: true,
  async run(run, services) {
    const { options, interactive } = run;
    const title = vscode.l10n.t('Enable in Vault');
    const wish = { filter: isDisabled };
    const target = { ...(await targetOf(run, title, wish, services)), version: options.version };
    const details = await update(target, { enabled: true }, services);
    if (interactive) tell(vscode.l10n.t('{0} in {1} is enabled.', target.name, target.client.vault.name));
    return resultOf(target.client, details);
  },
};

export const disableInVault: Command<'disableInVault'> = {
  schema: confirmedVersionSchema,
  changes: true,
  async run(run, services) {
    const { options, interactive } = run;
    const title = vscode.l10n.t('Disable in Vault');
    const target = {
      ...(await targetOf(run, title, { filter: ({ enabled }) => enabled }, services)),
      version: options.version,
    };
    const { client, name } = target;
    if (options.confirm !== false) {
      await confirmed(
        vscode.l10n.t('Disable {0} in {1}?', name, client.vault.name),
        vscode.l10n.t(
          'Apps that fetch its private key, or have the vault sign with it, fail from now on. It can be enabled again at any time.',
        ),
        vscode.l10n.t('Disable'),
      );
    }
    const details = await update(target, { enabled: false }, services);
    if (interactive) tell(vscode.l10n.t('{0} in {1} is disabled.', name, client.vault.name));
    return resultOf(client, details);
  },
};

export const editPolicy: Command<'editPolicy'> = {
  schema: editPolicySchema,
  changes: true,
  async run(run, services) {
    const { options, interactive } = run;
    const title = vscode.l10n.t('Edit Policy');
    const given = policyOf(options, services);
    const target = await targetOf(run, title, {}, services);
    const { client, name, call } = target;
    const before = await client.policy(name, call);
    const change = interactive ? await changedPolicy(before, given, target, title, services) : given;
    const isChanged = Object.keys(change).length > 0;
    const policy = isChanged
      ? await changeVault(target, vscode.l10n.t('Changing the policy of {0}', name), services, (called) =>
          client.updatePolicy(name, change, called),
        )
      : before;
    if (interactive) {
      tell(
        isChanged
          ? vscode.l10n.t('The policy of {0} is changed. It counts from the next version on.', name)
          : vscode.l10n.t('The policy of {0} stays as it is.', name),
      );
    }
    return policyResult(client, name, policy);
  },
};

/** A version that cannot be used although it exists. */
function isDisabled({ enabled, pending }: { readonly enabled: boolean; readonly pending?: boolean }): boolean {
  return !enabled && pending !== true;
}

async function newTags(target: Version, title: string, services: Services): Promise<Readonly<Record<string, string>>> {
  const { client, name, version, call } = target;
  const { tags } = await client.get(version === undefined ? { name } : { name, version }, call);
  const answer = await askTags(services.questions, { title }, name, tags);
  if (answer === back) throw new CancelledError();
  return answer;
}

function update(target: Version, change: PropertyChange, services: Services): Promise<VaultCertificateDetails> {
  const { client, name, version } = target;
  return changeVault(target, vscode.l10n.t('Changing {0}', name), services, (called) =>
    client.update(version === undefined ? { name } : { name, version }, change, called),
  );
}

/** What differs after the questions. */
async function changedPolicy(
  before: VaultPolicy,
  given: Partial<VaultPolicy>,
  { client, name }: Target,
  title: string,
  services: Services,
): Promise<Partial<VaultPolicy>> {
  const frame = { title, step: 1, totalSteps: 1, canGoBack: false };
  const wish = {
    placeholder: vscode.l10n.t('Policy of {0}: counts from its next version on', name),
    done: vscode.l10n.t('Save Policy'),
  };
  const tools = policyTools(client, services);
  const after = await askPolicy(services.questions, frame, { ...before, ...given }, wish, tools);
  if (after === back) throw new CancelledError();
  const same = (part: keyof VaultPolicy) => JSON.stringify(after[part]) === JSON.stringify(before[part]);
  const parts = (Object.keys(after) as (keyof VaultPolicy)[]).filter((part) => !same(part));
  return Object.fromEntries(parts.map((part) => [part, after[part]]));
}

function tell(message: string): void {
  void vscode.window.showInformationMessage(message);
}
