/** Which removal of an old certificate is to be offered. Knows no editor. */
import type { FinishedRotation } from '../setup/index.ts';

const day = 86_400_000;

/** By SHA-256 thumbprint of the new certificate; lies in the global state, for all windows. */
export type OfferedRemovals = Readonly<Record<string, { readonly at?: number; readonly answered?: true }>>;

/**
 * The first rotation whose grace period is over, that nobody has answered yet, and of which no window has spoken for a day.
 * @param grace ms
 * @param now ms since the epoch
 */
export function dueRemoval(
  rotations: readonly FinishedRotation[],
  grace: number,
  offered: OfferedRemovals,
  now: number,
): FinishedRotation | undefined {
  return rotations.find(({ provenAt, thumbprintSha256 }) => {
    const { at, answered } = offered[thumbprintSha256] ?? {};
    return now - provenAt >= grace && answered !== true && (at === undefined || Math.abs(now - at) >= day);
  });
}

/** With this offer made, or answered for good. */
export function afterOffer(
  offered: OfferedRemovals,
  { thumbprintSha256 }: FinishedRotation,
  change: { readonly at: number } | { readonly answered: true },
): OfferedRemovals {
  return { ...offered, [thumbprintSha256]: { ...offered[thumbprintSha256], ...change } };
}
