/** Options of a policy as the vault has them, and back; and what the questions for a policy need. */
import * as vscode from 'vscode';
import { ExpectedError, isExpectedError } from '../../../base/errors.ts';
import type { LifetimeAction, VaultClient, VaultPolicy } from '../../../azure/types.ts';
import type { LifetimeActionOption, VaultPolicyOptions, VaultPolicyResult } from '../../automation/vault.ts';
import type { PolicyTools } from '../../flows/vaultPolicy.ts';
import { distinguished, subjectProblem } from '../../flows/vaultPolicyParts.ts';
import type { Services } from '../../services.ts';
import type { Checked } from '../run.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function isPolicyOption(name: string): name is keyof VaultPolicyOptions {
  return (optionNames as readonly string[]).includes(name);
}

const optionNames = [
  'subject',
  'subjectAltNames',
  'keyType',
  'keySize',
  'exportable',
  'reuseKey',
  'contentType',
  'validityMonths',
  'lifetimeAction',
  'issuer',
  'certificateType',
] as const satisfies readonly (keyof VaultPolicyOptions)[];

/** Only what is given. Rejects with `invalid-options` for a subject that cannot be. */
export function policyOf(options: Checked<VaultPolicyOptions>, services: Services): Partial<VaultPolicy> {
  const policy: Mutable<Partial<VaultPolicy>> = {};
  const { subject, contentType, lifetimeAction, keyType } = options;
  if (subject !== undefined) {
    const reason = subjectProblem(subject, services.certificates());
    if (reason !== undefined) {
      throw new ExpectedError(
        'invalid-options',
        vscode.l10n.t('The option "{0}" cannot be used. {1}', 'subject', reason),
        { data: { option: 'subject' } },
      );
    }
    policy.subject = distinguished(subject);
  }
  if (keyType !== undefined) policy.keyType = keyType === 'RSA-HSM' ? 'RSA-HSM' : 'RSA';
  if (contentType !== undefined) policy.contentType = contentTypes[contentType];
  if (lifetimeAction !== undefined) policy.lifetimeActions = [toAction(lifetimeAction)];
  for (const name of ['subjectAltNames', 'keySize', 'exportable', 'reuseKey', 'validityMonths'] as const) {
    if (options[name] !== undefined) Object.assign(policy, { [name]: options[name] });
  }
  if (options.issuer !== undefined) policy.issuer = options.issuer;
  if (options.certificateType !== undefined) policy.certificateType = options.certificateType;
  return policy;
}

export const contentTypes = { pkcs12: 'application/x-pkcs12', pem: 'application/x-pem-file' } as const;

function toAction({ action, ...trigger }: LifetimeActionOption): LifetimeAction {
  return { action: action === 'renew' ? 'AutoRenew' : 'EmailContacts', ...trigger };
}

/** As plain data, in the names of the options. */
export function policyResult(client: VaultClient, name: string, policy: VaultPolicy): VaultPolicyResult {
  const { subject, keyType, keySize, exportable, reuseKey, validityMonths, issuer, certificateType } = policy;
  const [first] = policy.lifetimeActions;
  const names = Object.entries(policy.subjectAltNames).map(([kind, list]: [string, readonly string[]]) => [
    kind,
    [...list],
  ]);
  return {
    vault: client.vault.origin,
    name,
    subject,
    subjectAltNames: Object.fromEntries(names) as VaultPolicyResult['subjectAltNames'],
    keyType,
    ...(keySize === undefined ? {} : { keySize }),
    exportable,
    reuseKey,
    contentType: policy.contentType === contentTypes.pem ? 'pem' : 'pkcs12',
    validityMonths,
    ...(first === undefined ? {} : { lifetimeAction: toOption(first) }),
    issuer,
    ...(certificateType === undefined ? {} : { certificateType }),
  };
}

function toOption({ action, ...trigger }: LifetimeAction): LifetimeActionOption {
  return { action: action === 'AutoRenew' ? 'renew' : 'email', ...trigger };
}

export function policyTools(client: Pick<VaultClient, 'issuers'>, services: Services): PolicyTools {
  const certificates = services.certificates();
  return {
    validateSubject: (subject) => certificates.validateSubject(subject),
    validityWarning: (days) => certificates.validityWarning(days),
    issuers: async (add, signal) => {
      try {
        const names = await client.issuers({ interactive: true, signal });
        add(
          names.map((name) => ({
            label: name,
            detail: vscode.l10n.t('A certificate authority that the vault orders from.'),
            icon: 'organization',
            value: name,
          })),
        );
        return undefined;
      } catch (error) {
        // Whoever may not see the issuers can still have the vault sign by itself.
        if (isExpectedError(error)) return error.message;
        throw error;
      }
    },
  };
}
