/** Which reminder of an ending certificate is due. Knows no editor. */
import type { CertificateInUse } from '../../setup/index.ts';

const day = 86_400_000;

/** What was said about which certificate; lies in the global state, for all windows. By SHA-256 thumbprint. */
export type Remembered = Readonly<Record<string, { readonly never?: true; readonly told?: readonly number[] }>>;

export interface DueReminder {
  readonly certificate: CertificateInUse;
  /** In days: the one that was passed last. 0: it has expired. */
  readonly threshold: number;
}

/**
 * The most urgent certificate that passed a threshold of which nobody was told yet.
 * @param thresholds days before the end
 * @param now ms since the epoch
 */
export function dueReminder(
  certificates: readonly CertificateInUse[],
  thresholds: readonly number[],
  remembered: Remembered,
  now: number,
): DueReminder | undefined {
  const due = certificates.flatMap((certificate): (DueReminder & { left: number })[] => {
    const known = remembered[certificate.thumbprintSha256];
    const left = Date.parse(certificate.notAfter) - now;
    const passed = [...thresholds, 0].filter((days) => left <= days * day);
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
