/**
 * The options of a vault certificate as one list: its first row goes on with what stands there, every other row changes one
 * part and comes back. Knows no editor.
 */
import * as l10n from '@vscode/l10n';
import type { VaultPolicy } from '../../azure/types.ts';
import { back } from '../questions.ts';
import type { Back, Choice, MoreChoices, Questions } from '../questions.ts';
import type { StepFrame } from '../steps.ts';
import { altNamesText } from './altNames.ts';
import { askPart, policyParts } from './vaultPolicyParts.ts';
import type { PolicyPart } from './vaultPolicyParts.ts';
import {
  contentTypeText,
  exportableText,
  issuerText,
  keyText,
  lifetimeText,
  policySummary,
  validityText,
} from './vaultPolicyText.ts';

export interface PolicyTools {
  /** A sentence when the subject cannot be used. */
  validateSubject(subject: string): string | undefined;
  /** A sentence when so many days are likely to make trouble. */
  validityWarning(days: number): string | undefined;
  /** Adds the certificate authorities that the vault can order from. */
  readonly issuers: MoreChoices<string>;
}

export interface PolicyWish {
  readonly placeholder: string;
  /** The row that goes on, e.g. "Create Certificate". */
  readonly done: string;
}

/** Resolves to the policy as the user left it. */
export async function askPolicy(
  questions: Questions,
  frame: StepFrame,
  policy: VaultPolicy,
  wish: PolicyWish,
  tools: PolicyTools,
): Promise<VaultPolicy | Back> {
  let current = policy;
  let active = 0;
  for (;;) {
    const choices: Choice<PolicyPart | 'done'>[] = [
      { value: 'done', label: wish.done, detail: policySummary(current), icon: 'check' },
      ...policyParts.map((part) => ({ ...rows[part](current), value: part, group: l10n.t('Options') })),
    ];
    const answer = await questions.pick({ ...frame, placeholder: wish.placeholder, choices, active });
    if (answer === back) return back;
    if (answer === 'done') return current;
    active = policyParts.indexOf(answer) + 1;
    const change = await askPart(answer, questions, { ...frame, canGoBack: true }, current, tools);
    if (change !== back) current = { ...current, ...change };
  }
}

type Row = Pick<Choice<PolicyPart>, 'label' | 'description' | 'icon'>;

const rows: Readonly<Record<PolicyPart, (policy: VaultPolicy) => Row>> = {
  subject: ({ subject }) => ({ label: l10n.t('Subject'), description: subject, icon: 'tag' }),
  subjectAltNames: ({ subjectAltNames }) => {
    const names = altNamesText(subjectAltNames);
    return {
      label: l10n.t('Alternative Names'),
      description: names === '' ? l10n.t('none') : names,
      icon: 'list-flat',
    };
  },
  key: (policy) => ({ label: l10n.t('Key'), description: keyText(policy), icon: 'key' }),
  exportable: ({ exportable }) => ({
    label: l10n.t('Private Key'),
    description: exportableText(exportable),
    icon: exportable ? 'unlock' : 'lock',
  }),
  reuseKey: ({ reuseKey }) => ({
    label: l10n.t('Renewal'),
    description: reuseKey ? l10n.t('with the same key') : l10n.t('with a new key'),
    icon: 'refresh',
  }),
  contentType: ({ contentType }) => ({
    label: l10n.t('Form of the Secret'),
    description: contentTypeText(contentType),
    icon: 'file-binary',
  }),
  validityMonths: ({ validityMonths }) => ({
    label: l10n.t('Validity'),
    description: validityText(validityMonths),
    icon: 'calendar',
  }),
  lifetimeActions: ({ lifetimeActions }) => ({
    label: l10n.t('Before It Expires'),
    description: lifetimeText(lifetimeActions),
    icon: 'bell',
  }),
  issuer: ({ issuer }) => ({ label: l10n.t('Issuer'), description: issuerText(issuer), icon: 'verified' }),
};
