/** The state of a certificate in words, and how much it wants attention. Knows no editor. */
import * as l10n from '@vscode/l10n';
import { expiresSoon, isUrgent } from '../../base/expiry.ts';
import type { ExpiryThresholds } from '../../base/expiry.ts';

const day = 86_400_000;

export interface Thresholds extends ExpiryThresholds {
  /** It is urgent so many days before its end, at most a quarter of its lifetime before. */
  readonly urgentDays: number;
}

/** Times in ms since the epoch. */
export interface Stateful {
  readonly enabled: boolean;
  readonly notBefore?: number;
  readonly expires?: number;
  readonly pending?: boolean;
  readonly creating?: boolean;
  readonly deleted?: { readonly deletedOn?: number; readonly scheduledPurge?: number };
}

export type CertificateState =
  'expired' | 'urgent' | 'expiring' | 'valid' | 'notYetValid' | 'pending' | 'unfinished' | 'disabled' | 'deleted';

/** Groups of the view "by expiry", in their order. */
export const urgencies = ['expired', 'urgent', 'expiring', 'valid', 'inactive', 'deleted'] as const;
export type Urgency = (typeof urgencies)[number];

/** @param now ms since the epoch */
export function stateOf(certificate: Stateful, thresholds: Thresholds, now: number): CertificateState {
  if (certificate.deleted !== undefined) return 'deleted';
  if (certificate.pending === true) return certificate.creating === true ? 'pending' : 'unfinished';
  if (!certificate.enabled) return 'disabled';
  const { notBefore, expires } = certificate;
  if (expires !== undefined) {
    if (expires <= now) return 'expired';
    const life = { expires, ...(notBefore === undefined ? {} : { notBefore }) };
    if (isUrgent(life, thresholds.urgentDays, now)) return 'urgent';
    if (expiresSoon(life, thresholds, now)) return 'expiring';
  }
  return notBefore !== undefined && notBefore > now ? 'notYetValid' : 'valid';
}

export function urgencyOf(state: CertificateState): Urgency {
  switch (state) {
    case 'notYetValid':
      return 'valid';
    case 'pending':
    case 'unfinished':
    case 'disabled':
      return 'inactive';
    default:
      return state;
  }
}

/** Whether somebody has to do something soon: counted in the badge. */
export function needsAction(state: CertificateState): boolean {
  return state === 'expired' || state === 'urgent' || state === 'expiring';
}

/** e.g. "expires in 12 days", "expired 3 days ago", "valid until May 4, 2027", "disabled". */
export function stateText(certificate: Stateful, state: CertificateState, now: number): string {
  const { expires, notBefore, deleted } = certificate;
  switch (state) {
    case 'deleted':
      return deleted?.scheduledPurge === undefined
        ? l10n.t('deleted')
        : l10n.t('deleted, gone for good on {0}', dayText(deleted.scheduledPurge));
    case 'pending':
      return l10n.t('being created');
    case 'unfinished':
      return l10n.t('no certificate yet');
    case 'disabled':
      return expires !== undefined && expires <= now
        ? l10n.t('disabled, {0}', expiryText(expires, now))
        : l10n.t('disabled');
    case 'notYetValid':
      return l10n.t('valid from {0}', dayText(notBefore ?? now));
    default:
      if (expires === undefined) return l10n.t('no end of validity');
      return state === 'valid' ? l10n.t('valid until {0}', dayText(expires)) : expiryText(expires, now);
  }
}

/** Whole days, hours below two days: "expires in 12 days", "expired 3 days ago". */
export function expiryText(expires: number, now: number): string {
  const distance = Math.abs(expires - now);
  const hours = Math.floor(distance / 3_600_000);
  // Rounded: the seconds between making and looking must not turn 12 days into 11.
  const days = Math.round(distance / day);
  if (expires > now) {
    if (hours < 1) return l10n.t('expires within the hour');
    if (hours < 48) return hours === 1 ? l10n.t('expires in 1 hour') : l10n.t('expires in {0} hours', hours);
    return l10n.t('expires in {0} days', days);
  }
  if (hours < 1) return l10n.t('expired just now');
  if (hours < 48) return hours === 1 ? l10n.t('expired 1 hour ago') : l10n.t('expired {0} hours ago', hours);
  return l10n.t('expired {0} days ago', days);
}

/** Making one takes longer than using it a hundred times. */
const dayFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

/** A day in the user's language. */
export function dayText(time: number): string {
  return dayFormat.format(time);
}
