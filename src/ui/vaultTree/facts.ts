/** What tooltip and details say of a certificate of a vault. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { LifetimeAction, VaultCertificateDetails, VaultPolicy } from '../../azure/types.ts';
import type { CertificateDescription } from '../../certificates/types.ts';

export interface Fact {
  readonly label: string;
  readonly value: string;
  /** Thumbprints, ids. */
  readonly code?: boolean;
}

/** Base64url without padding of a thumbprint in hex, as `x5t` and `x5t#S256` in tokens have it (RFC 7515, 4.1.7 and 4.1.8). */
export function base64UrlThumbprint(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64url');
}

/** The most useful facts in a few lines. @param description what the certificate itself says; absent while it is being created */
export function tooltipFacts(
  details: VaultCertificateDetails,
  description: CertificateDescription | undefined,
): Fact[] {
  return [
    ...subjectFacts(details, description),
    ...thumbprintFacts(details),
    ...(description === undefined ? [] : [{ label: l10n.t('Key'), value: keyText(description) }]),
    ...(details.policy === undefined ? [] : tooltipPolicy(details.policy)),
    ...tagFacts(details.tags),
  ];
}

function subjectFacts({ policy }: VaultCertificateDetails, description: CertificateDescription | undefined): Fact[] {
  const subject = description?.subject ?? policy?.subject;
  const issuer = description?.selfSigned === true ? l10n.t('itself (self-signed)') : description?.issuer;
  return [
    ...(subject === undefined ? [] : [{ label: l10n.t('Subject'), value: subject }]),
    ...(issuer === undefined ? [] : [{ label: l10n.t('Issuer'), value: issuer }]),
  ];
}

export function thumbprintFacts({ thumbprintSha256, thumbprintSha1 }: VaultCertificateDetails): Fact[] {
  return [
    ...(thumbprintSha256 === undefined
      ? []
      : [{ label: l10n.t('SHA-256 thumbprint'), value: thumbprintSha256, code: true }]),
    ...(thumbprintSha1 === undefined ? [] : [{ label: l10n.t('SHA-1 thumbprint'), value: thumbprintSha1, code: true }]),
  ];
}

function keyText({ keyAlgorithm, keySize }: CertificateDescription): string {
  return l10n.t('{0}, {1} bits', keyAlgorithm, keySize);
}

function tooltipPolicy(policy: VaultPolicy): Fact[] {
  return [
    { label: l10n.t('Policy'), value: [issuerText(policy), exportText(policy), contentText(policy)].join(', ') },
    { label: l10n.t('Renewal'), value: renewalText(policy.lifetimeActions) },
  ];
}

/** The whole policy, for the details. */
export function policyFacts(policy: VaultPolicy): Fact[] {
  const kind = policy.keyType.startsWith('EC') ? `${policy.keyType} ${policy.curve ?? ''}` : policy.keyType;
  const usages = [...policy.keyUsage, ...policy.extendedKeyUsage];
  return [
    { label: l10n.t('Issued by'), value: issuerText(policy) },
    { label: l10n.t('Subject'), value: policy.subject },
    {
      label: l10n.t('Key'),
      value: policy.keySize === undefined ? kind : l10n.t('{0}, {1} bits', kind, policy.keySize),
    },
    { label: l10n.t('Private key'), value: exportText(policy) },
    { label: l10n.t('Key at renewal'), value: policy.reuseKey ? l10n.t('is kept') : l10n.t('is made anew') },
    { label: l10n.t('Stored as'), value: contentText(policy) },
    {
      label: l10n.t('Valid for'),
      value: policy.validityMonths === 1 ? l10n.t('1 month') : l10n.t('{0} months', policy.validityMonths),
    },
    ...(usages.length === 0 ? [] : [{ label: l10n.t('Usage'), value: usages.join(', ') }]),
    { label: l10n.t('Renewal'), value: renewalText(policy.lifetimeActions) },
  ];
}

function issuerText({ issuer }: VaultPolicy): string {
  if (issuer === 'Self') return l10n.t('self-signed by the vault');
  return issuer === 'Unknown' ? l10n.t('an authority outside of the vault') : issuer;
}

function exportText({ exportable }: VaultPolicy): string {
  return exportable ? l10n.t('private key exportable') : l10n.t('private key not exportable');
}

function contentText({ contentType }: VaultPolicy): string {
  return contentType === 'application/x-pem-file' ? 'PEM' : 'PKCS#12';
}

/** When the vault renews by itself, or tells somebody. */
export function renewalText(actions: readonly LifetimeAction[]): string {
  if (actions.length === 0) return l10n.t('never by itself');
  return actions.map(actionText).join('; ');
}

function actionText({ action, atPercent, daysBeforeExpiry }: LifetimeAction): string {
  if (action === 'AutoRenew') {
    return daysBeforeExpiry === undefined
      ? l10n.t('by itself at {0} % of the lifetime', atPercent ?? 0)
      : l10n.t('by itself {0} days before the end', daysBeforeExpiry);
  }
  return daysBeforeExpiry === undefined
    ? l10n.t('e-mail at {0} % of the lifetime', atPercent ?? 0)
    : l10n.t('e-mail {0} days before the end', daysBeforeExpiry);
}

export function tagFacts(tags: Readonly<Record<string, string>>): Fact[] {
  const entries = Object.entries(tags);
  if (entries.length === 0) return [];
  return [{ label: l10n.t('Tags'), value: entries.map(([name, value]) => `${name} = ${value}`).join(', ') }];
}
