/** How long a certificate is to live. */
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';

export const defaultValidityDays = 365;
const longestValidityDays = 3650;
/**
 * From here on many directories refuse the upload. Microsoft advises administrators to limit application certificates
 * to 180 days (Microsoft Entra tutorial "Enforce secret and certificate standards using application management
 * policies", restriction `asymmetricKeyLifetime` with `P180D`); one year is what Key Vault's default policy and the
 * written guide make, so up to there nothing is said.
 */
const commonLimitDays = 365;
const shortDays = 60;

/** Returns the days, the default for undefined; rejects with `validity-invalid` unless they are a whole number from 1 to 3650. */
export function checkedValidityDays(days: number | undefined): number {
  const value = days ?? defaultValidityDays;
  if (!Number.isInteger(value) || value < 1 || value > longestValidityDays) {
    throw new ExpectedError(
      'validity-invalid',
      l10n.t(
        'A validity of {0} days is not possible. Give a whole number of days from 1 to {1}.',
        String(value),
        longestValidityDays,
      ),
    );
  }
  return value;
}

/** A sentence for the review when the validity is allowed but likely to make trouble; undefined when it is not. */
export function validityWarning(days: number): string | undefined {
  if (days > commonLimitDays) {
    return l10n.t(
      'The certificate is valid for {0} days. Many directories refuse certificates that live longer than a year, and Microsoft recommends at most 180 days.',
      days,
    );
  }
  if (days < shortDays) {
    return l10n.t(
      'The certificate is valid for only {0} days. The app stops signing in when it expires, so plan to rotate it before.',
      days,
    );
  }
  return undefined;
}
