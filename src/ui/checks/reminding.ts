/** Which reminder of an ending certificate is due. Knows no editor. */
import { isUrgent, isWithin } from '../../base/expiry.ts';
import type { CertificateInUse } from '../../setup/index.ts';
import type { Thresholds } from '../vaultTree/states.ts';
import { lifeOf } from './inUse.ts';

/** What was said about which certificate; lies in the global state, for all windows. By SHA-256 thumbprint. */
export type Remembered = Readonly<Record<string, { readonly never?: true; readonly told?: readonly number[] }>>;

export interface DueReminder {
  readonly certificate: CertificateInUse;
  /** In days: the one that was passed last. 0: it has expired. */
  readonly threshold: number;
}

/**
 * The most urgent certificate that passed a threshold of which nobody was told yet.
 * @param thresholds days before the end; of short-lived certificates at most half and a quarter of their lifetime before
 * @param now ms since the epoch
 */
export function dueReminder(
  certificates: readonly CertificateInUse[],
  { days, urgentDays }: Pick<Thresholds, 'days' | 'urgentDays'>,
  remembered: Remembered,
  now: number,
): DueReminder | undefined {
  const due = certificates.flatMap((certificate): (DueReminder & { left: number })[] => {
    const known = remembered[certificate.thumbprintSha256];
    const life = lifeOf(certificate);
    const left = life.expires - now;
    const passed = [
      ...(isWithin(life, days, 1 / 2, now) ? [days] : []),
      ...(isUrgent(life, urgentDays, now) ? [urgentDays] : []),
      ...(left <= 0 ? [0] : []),
    ];
    const threshold = Math.min(...passed);
    // Whoever was told of a later threshold need not hear of an earlier one.
    const isTold = known?.told?.some((days) => days <= threshold) === true;
    return passed.length === 0 || known?.never === true || isTold ? [] : [{ certificate, threshold, left }];
  });
  const [first] = due.sort((a, b) => a.left - b.left);
  return first && { certificate: first.certificate, threshold: first.threshold };
}

/** With this reminder said. @param answer `never`: no more about this certificate */
export function afterReminder(
  remembered: Remembered,
  { certificate, threshold }: DueReminder,
  answer?: 'never',
): Remembered {
  const { thumbprintSha256 } = certificate;
  const known = remembered[thumbprintSha256];
  return {
    ...remembered,
    [thumbprintSha256]: {
      told: [...new Set([...(known?.told ?? []), threshold])],
      ...(answer === 'never' || known?.never === true ? { never: true as const } : {}),
    },
  };
}
