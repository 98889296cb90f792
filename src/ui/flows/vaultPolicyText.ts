/** The parts of a vault policy in words. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { LifetimeAction, VaultPolicy } from '../../azure/types.ts';

export function keyText({ keyType, keySize, curve }: Pick<VaultPolicy, 'keyType' | 'keySize' | 'curve'>): string {
  return `${keyType} ${String(keySize ?? curve ?? '')}`.trim();
}

export function exportableText(exportable: boolean): string {
  return exportable ? l10n.t('can be fetched') : l10n.t('never leaves the vault');
}

export function validityText(months: number): string {
  return months === 1 ? l10n.t('1 month') : l10n.t('{0} months', months);
}

export function issuerText(issuer: string): string {
  if (issuer === 'Self') return l10n.t('self-signed');
  return issuer === 'Unknown' ? l10n.t('a certificate authority of your own, by signing request') : issuer;
}

export function contentTypeText(contentType: VaultPolicy['contentType']): string {
  return contentType === 'application/x-pem-file' ? 'PEM' : 'PKCS#12';
}

export function lifetimeText([action]: readonly LifetimeAction[]): string {
  if (action === undefined) return l10n.t('nothing happens');
  const { atPercent, daysBeforeExpiry = 0 } = action;
  if (action.action === 'AutoRenew') {
    return atPercent === undefined
      ? l10n.t('the vault renews it {0} days before the end', daysBeforeExpiry)
      : l10n.t('the vault renews it at {0}% of its lifetime', atPercent);
  }
  return atPercent === undefined
    ? l10n.t('e-mail to the contacts of the vault {0} days before the end', daysBeforeExpiry)
    : l10n.t('e-mail to the contacts of the vault at {0}% of its lifetime', atPercent);
}

/** One line with what matters most; the subject has a row of its own. */
export function policySummary(policy: VaultPolicy): string {
  return [
    keyText(policy),
    l10n.t('valid for {0}', validityText(policy.validityMonths)),
    issuerText(policy.issuer),
    l10n.t('private key {0}', exportableText(policy.exportable)),
  ].join(' · ');
}
