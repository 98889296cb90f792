/** The questions for the single parts of a vault policy. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { LifetimeAction, VaultPolicy } from '../../azure/types.ts';
import { back } from '../questions.ts';
import type { Back, Choice, Questions } from '../questions.ts';
import { askInTurn } from '../steps.ts';
import type { StepFrame } from '../steps.ts';
import { altNamesText, parseAltNames } from './altNames.ts';
import { contentTypeText, exportableText, issuerText } from './vaultPolicyText.ts';
import type { PolicyTools } from './vaultPolicy.ts';

export const policyParts = [
  'subject',
  'subjectAltNames',
  'key',
  'exportable',
  'reuseKey',
  'contentType',
  'validityMonths',
  'lifetimeActions',
  'issuer',
] as const;
export type PolicyPart = (typeof policyParts)[number];

type Ask = (
  questions: Questions,
  frame: StepFrame,
  policy: VaultPolicy,
  tools: PolicyTools,
) => Promise<Partial<VaultPolicy> | Back>;

/** What one part of the policy becomes; `back` leaves it as it is. */
export function askPart(
  part: PolicyPart,
  questions: Questions,
  frame: StepFrame,
  policy: VaultPolicy,
  tools: PolicyTools,
): Promise<Partial<VaultPolicy> | Back> {
  return parts[part](questions, frame, policy, tools);
}

const parts: Readonly<Record<PolicyPart, Ask>> = {
  subject: async (questions, frame, policy, tools) => {
    const answer = await questions.text({
      ...frame,
      prompt: l10n.t('Subject of the certificate, e.g. CN=my-app, O=Contoso; at most 200 characters'),
      value: policy.subject,
      validate: (value) => {
        const reason = subjectProblem(value, tools);
        return reason === undefined ? undefined : { severity: 'error', message: reason };
      },
    });
    return answer === back ? back : { subject: distinguished(answer) };
  },

  subjectAltNames: async (questions, frame, policy) => {
    const answer = await questions.text({
      ...frame,
      prompt: l10n.t(
        'DNS names, e-mail addresses, URIs and IP addresses, separated by commas; a client certificate needs none',
      ),
      value: altNamesText(policy.subjectAltNames),
      validate: (value) => {
        const names = parseAltNames(value);
        return 'problem' in names ? { severity: 'error', message: names.problem } : undefined;
      },
    });
    if (answer === back) return back;
    const names = parseAltNames(answer);
    return 'problem' in names ? back : { subjectAltNames: names };
  },

  key: async (questions, frame, policy) => {
    const sizes = [2048, 3072, 4096] as const;
    const choices = [
      ...sizes.map((keySize): Choice<Partial<VaultPolicy>> => ({
        label: `RSA ${keySize}`,
        ...(keySize === 2048 ? { description: l10n.t('recommended') } : {}),
        value: { keyType: 'RSA', keySize },
      })),
      ...sizes.map((keySize): Choice<Partial<VaultPolicy>> => ({
        label: `RSA-HSM ${keySize}`,
        detail: l10n.t('In the hardware of a premium vault, which it never leaves.'),
        value: { keyType: 'RSA-HSM', keySize, exportable: false },
      })),
    ];
    const active = choices.findIndex(
      ({ value }) => value.keyType === policy.keyType && value.keySize === policy.keySize,
    );
    const placeholder = l10n.t('Which key? Microsoft Entra takes RSA keys of 2048 bits or more');
    return questions.pick({ ...frame, placeholder, choices, active: Math.max(active, 0) });
  },

  exportable: (questions, frame, policy) =>
    questions.pick({
      ...frame,
      placeholder: l10n.t('May the private key leave the vault?'),
      active: policy.exportable ? 0 : 1,
      choices: [
        {
          label: exportableText(true),
          detail: l10n.t('Apps and people with the right to read secrets get it.'),
          icon: 'unlock',
          value: { exportable: true },
        },
        {
          label: exportableText(false),
          detail: l10n.t('The app has the vault sign for it. This cannot be changed for a version that exists.'),
          icon: 'lock',
          value: { exportable: false },
        },
      ].filter(({ value }) => !(value.exportable && policy.keyType.endsWith('-HSM'))),
    }),

  reuseKey: (questions, frame, policy) =>
    questions.pick({
      ...frame,
      placeholder: l10n.t('Which key does a new version get?'),
      active: policy.reuseKey ? 1 : 0,
      choices: [
        { label: l10n.t('A New Key'), description: l10n.t('recommended'), value: { reuseKey: false } },
        { label: l10n.t('The Same Key'), value: { reuseKey: true } },
      ],
    }),

  contentType: (questions, frame, policy) => {
    const types = ['application/x-pkcs12', 'application/x-pem-file'] as const;
    return questions.pick({
      ...frame,
      placeholder: l10n.t('In which form does the vault hand out certificate and private key?'),
      active: types.indexOf(policy.contentType),
      choices: types.map((contentType) => ({ label: contentTypeText(contentType), value: { contentType } })),
    });
  },

  validityMonths: async (questions, frame, policy, tools) => {
    const answer = await questions.text({
      ...frame,
      prompt: l10n.t('Months that the certificate is valid'),
      value: String(policy.validityMonths),
      validate: (value) => {
        const months = wholeNumber(value);
        if (months === undefined || months < 1 || months > 1200) {
          return { severity: 'error', message: l10n.t('Type a whole number of months from 1 to 1200.') };
        }
        const warning = tools.validityWarning(Math.round(months * 30.4));
        return warning === undefined ? undefined : { severity: 'warning', message: warning };
      },
    });
    if (answer === back) return back;
    const validityMonths = wholeNumber(answer) ?? policy.validityMonths;
    return { validityMonths, lifetimeActions: policy.lifetimeActions.map((one) => fitting(one, validityMonths)) };
  },

  lifetimeActions: async (questions, frame, policy) => {
    const [before] = policy.lifetimeActions;
    const answers = await askInTurn<[LifetimeAction['action'], string]>(
      () => askAction(questions, frame, policy),
      (_canGoBack, typed) =>
        questions.text({
          ...frame,
          prompt: l10n.t('When? Days before the end, such as 30, or a share of the lifetime, such as 80%'),
          value: typed ?? triggerText(before),
          validate: (value) =>
            triggerOf(value, policy.validityMonths) === undefined
              ? {
                  severity: 'error',
                  message: l10n.t(
                    'Type a number of days from 1 to {0}, or a percentage from 1% to 99%.',
                    mostDays(policy.validityMonths),
                  ),
                }
              : undefined,
        }),
    );
    if (answers === back) return back;
    const [action, when] = answers;
    const trigger = triggerOf(when, policy.validityMonths);
    return trigger === undefined ? back : { lifetimeActions: [{ action, ...trigger }] };
  },

  issuer: async (questions, frame, policy, tools) => {
    const answer = await questions.pick<string>({
      ...frame,
      placeholder: l10n.t('Who issues the certificate?'),
      choices: [
        {
          label: l10n.t('Self-Signed'),
          description: l10n.t('recommended'),
          detail: l10n.t('Microsoft Entra trusts the certificate that is uploaded, whoever issued it.'),
          icon: 'verified',
          value: 'Self',
        },
        {
          label: l10n.t('Signing Request'),
          detail: l10n.t('{0}; its answer is merged later.', issuerText('Unknown')),
          icon: 'new-file',
          value: 'Unknown',
        },
      ],
      more: tools.issuers,
    });
    if (answer === back) return back;
    // Only what the vault orders itself can be renewed by it.
    const lifetimeActions = policy.lifetimeActions.map((one) =>
      answer === 'Unknown' ? { ...one, action: 'EmailContacts' as const } : one,
    );
    return { issuer: answer, lifetimeActions };
  },
};

function askAction(
  questions: Questions,
  frame: StepFrame,
  policy: VaultPolicy,
): Promise<LifetimeAction['action'] | Back> {
  const choices: Choice<LifetimeAction['action']>[] = [
    {
      label: l10n.t('E-Mail to the Contacts of the Vault'),
      description: l10n.t('recommended'),
      icon: 'mail',
      value: 'EmailContacts',
    },
  ];
  if (policy.issuer !== 'Unknown') {
    choices.push({
      label: l10n.t('The Vault Renews It'),
      detail: l10n.t(
        'The new version has another thumbprint. Apps that take the newest version fail until it is uploaded to the app registration.',
      ),
      icon: 'refresh',
      value: 'AutoRenew',
    });
  }
  const active = choices.findIndex(({ value }) => value === policy.lifetimeActions[0]?.action);
  return questions.pick({
    ...frame,
    placeholder: l10n.t('What happens before the certificate expires?'),
    choices,
    active: Math.max(active, 0),
  });
}

/** A distinguished name; a bare name is a common name. */
export function distinguished(subject: string): string {
  return subject.includes('=') ? subject : `CN=${subject.trim()}`;
}

/** A sentence when a vault certificate cannot have this subject; the service takes at most 200 characters. */
export function subjectProblem(subject: string, tools: Pick<PolicyTools, 'validateSubject'>): string | undefined {
  if (distinguished(subject).length > 200) return l10n.t('A vault takes a subject of at most 200 characters.');
  return tools.validateSubject(subject);
}

/** The service refuses more. */
const mostDays = (validityMonths: number): number => validityMonths * 27;

function fitting(action: LifetimeAction, validityMonths: number): LifetimeAction {
  return (action.daysBeforeExpiry ?? 0) > mostDays(validityMonths) ? { action: action.action, atPercent: 80 } : action;
}

function triggerText(action: LifetimeAction | undefined): string {
  if (action?.atPercent !== undefined) return `${action.atPercent}%`;
  return String(action?.daysBeforeExpiry ?? 30);
}

/** Undefined for what is neither. */
export function triggerOf(text: string, validityMonths: number): Omit<LifetimeAction, 'action'> | undefined {
  const percent = /^\s*(\d{1,2})\s*%\s*$/.exec(text);
  const atPercent = Number(percent?.[1] ?? 0);
  if (percent !== null) return atPercent >= 1 ? { atPercent } : undefined;
  const days = wholeNumber(text);
  return days !== undefined && days >= 1 && days <= mostDays(validityMonths) ? { daysBeforeExpiry: days } : undefined;
}

function wholeNumber(text: string): number | undefined {
  return /^\s*\d{1,5}\s*$/.test(text) ? Number(text) : undefined;
}
