/** Which old certificate is to go, and whether it may go unattended. Knows no editor. */
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../../base/errors.ts';
import type { RegisteredCertificate } from '../../azure/types.ts';
import type { ReplacedBefore } from '../../setup/index.ts';

const day = 86_400_000;

/** True when the registration's certificate is the one that a rotation replaced. */
export function isRegisteredAs(
  { thumbprintSha256, thumbprintSha1 }: RegisteredCertificate,
  { old }: Pick<ReplacedBefore, 'old'>,
): boolean {
  if (thumbprintSha256 !== undefined && old.thumbprintSha256 !== undefined)
    return thumbprintSha256 === old.thumbprintSha256;
  return thumbprintSha1 !== undefined && thumbprintSha1 === old.thumbprintSha1;
}

/** When the days of grace are over, in ms; undefined when they are. A certificate whose successor nobody has proven yet is at their beginning. */
export function graceEnd({ provenAt }: ReplacedBefore, graceDays: number, now: number): number | undefined {
  const end = (provenAt ?? now) + graceDays * day;
  return end <= now ? undefined : end;
}

/**
 * The one that an unattended removal names. Rejects with `thumbprint-required`, `not-an-old-certificate`, `grace-period`.
 * @param thumbprint SHA-256 or SHA-1, hex, any case
 */
export function namedForRemoval(
  replaced: readonly ReplacedBefore[],
  thumbprint: string | undefined,
  graceDays: number,
  now: number,
): ReplacedBefore {
  if (thumbprint === undefined || thumbprint === '') throw thumbprintRequired();
  const chosen = namedAmong(replaced, thumbprint);
  const end = graceEnd(chosen, graceDays, now);
  if (end !== undefined) throw inGracePeriod(thumbprint, graceDays, end);
  return chosen;
}

/** Rejects with `not-an-old-certificate`. */
export function namedAmong(replaced: readonly ReplacedBefore[], thumbprint: string): ReplacedBefore {
  const wanted = thumbprint.replace(/[\s:]/g, '').toUpperCase();
  const found = replaced.find(({ old }) =>
    [old.thumbprintSha256, old.thumbprintSha1].some((each) => each?.toUpperCase() === wanted),
  );
  if (found === undefined) throw notOld(thumbprint);
  return found;
}

function thumbprintRequired(): ExpectedError {
  return new ExpectedError(
    'thumbprint-required',
    l10n.t(
      'No certificate was removed, because without a confirmation the old one has to be named: give its thumbprint in "thumbprintSha256", or leave out "confirm": false.',
    ),
  );
}

function notOld(thumbprint: string): ExpectedError {
  return new ExpectedError(
    'not-an-old-certificate',
    l10n.t(
      'The certificate {0} was not removed, because no rotation of this app on this machine has replaced it. Compare the thumbprint with those of the app registration.',
      thumbprint,
    ),
  );
}

function inGracePeriod(thumbprint: string, days: number, end: number): ExpectedError {
  return new ExpectedError(
    'grace-period',
    l10n.t(
      'The old certificate {0} was not removed, because the {1} days of grace that deployments have to switch are over only on {2}. Wait until then, or run "Client Certificate: Remove Old Certificate" and confirm it there.',
      thumbprint,
      days,
      new Date(end).toISOString(),
    ),
    { data: { until: new Date(end).toISOString() } },
  );
}
