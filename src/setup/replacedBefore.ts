/** Certificates that rotations of an app have replaced and that nobody is known to have removed: not only that of the last one. */
import type { Journal } from './journal.ts';
import type { AppliedSetup } from './setupOf.ts';
import type { ReplacedCertificate } from './types.ts';
import { isSameCertificate, replacedBySetup } from './wayBack.ts';

export interface ReplacedBefore {
  readonly old: ReplacedCertificate;
  /** SHA-256 thumbprint of the certificate that took its place. */
  readonly by: string;
  /** When a certificate that followed it was proven first, in ms; absent where none was. */
  readonly provenAt?: number;
}

/** A damaged journal must not hold anybody up. */
const mostSetups = 50;

/**
 * Oldest first; without those of which nothing tells which they are.
 * @param alsoRemoved with those that are known to be removed: somebody may have registered them again
 */
export function replacedCertificates(setup: AppliedSetup, alsoRemoved = false): ReplacedBefore[] {
  const found: ReplacedBefore[] = [];
  let provenAt = Infinity;
  let each: AppliedSetup | Journal | undefined = setup;
  for (let count = 0; each !== undefined && count < mostSetups; count += 1) {
    const times: number[] = each.proofs.map(({ at }) => Date.parse(at)).filter((at) => Number.isFinite(at));
    provenAt = Math.min(provenAt, ...times);
    const removed: ReplacedCertificate | undefined = each.oldRemoved === undefined ? undefined : replacedBySetup(each);
    let by: string = each.certificate.thumbprintSha256;
    for (const old of [each.rotates, ...(each.rotatedBefore ?? [])]) {
      if (old === undefined) continue;
      const isGone = !alsoRemoved && removed !== undefined && isSameCertificate(old, removed);
      const isUsed = isSameCertificate(old, setup.certificate);
      const isKnown = found.some((other) => isSameCertificate(other.old, old));
      const isNamed = old.thumbprintSha256 !== undefined || old.thumbprintSha1 !== undefined;
      if (isNamed && !isGone && !isUsed && !isKnown)
        found.push({ old, by, ...(Number.isFinite(provenAt) ? { provenAt } : {}) });
      by = old.thumbprintSha256 ?? by;
    }
    each = each.previous;
  }
  return found.reverse();
}
