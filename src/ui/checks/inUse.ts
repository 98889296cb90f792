/**
 * Which certificates the apps of a workspace use, also those whose config nobody has open: what setups noted, and what
 * was seen when a config was open or checked. Knows no editor.
 */
import type { Life } from '../../base/expiry.ts';
import type { CertificateInUse } from '../../setup/index.ts';
import { needsAction, stateOf } from '../vaultTree/states.ts';
import type { Thresholds } from '../vaultTree/states.ts';

/** Times in ms since the epoch. */
export function lifeOf({ notAfter, notBefore }: CertificateInUse): Life {
  return { expires: Date.parse(notAfter), ...(notBefore === undefined ? {} : { notBefore: Date.parse(notBefore) }) };
}

/** Whether it has expired or will soon. @param now ms since the epoch */
export function wantsAction(certificate: CertificateInUse, thresholds: Thresholds, now: number): boolean {
  return needsAction(stateOf({ enabled: true, ...lifeOf(certificate) }, thresholds, now));
}

/**
 * What is remembered after a config was looked at.
 * @param file absolute path of the config
 * @param used its certificates; none: nothing is remembered of it any more
 * @returns undefined where nothing changes
 */
export function seenAfter(
  seen: readonly CertificateInUse[],
  file: string,
  used: readonly CertificateInUse[],
): readonly CertificateInUse[] | undefined {
  const before = seen.filter(({ config }) => config === file);
  const isSame =
    before.length === used.length &&
    before.every(({ thumbprintSha256 }) => used.some((each) => each.thumbprintSha256 === thumbprintSha256));
  return isSame ? undefined : [...seen.filter(({ config }) => config !== file), ...used];
}

/**
 * The certificates that apps use now. Only configs of certificates that expire soon are read again: what was noted of
 * them may be of the past, and a reminder of a certificate that was replaced would be a false alarm.
 * @param read certificates of a config as it is; undefined where that cannot be told, and `gone` where the file is no config any more
 * @param now ms since the epoch
 */
export async function certificatesNow(
  noted: readonly CertificateInUse[],
  thresholds: Thresholds,
  now: number,
  read: (config: string) => Promise<readonly CertificateInUse[] | 'gone' | undefined>,
): Promise<CertificateInUse[]> {
  const found = new Map<string, readonly CertificateInUse[]>();
  for (const config of new Set(noted.map((each) => each.config))) {
    const own = noted.filter((each) => each.config === config);
    const isEnding = own.some((each) => wantsAction(each, thresholds, now));
    const current = isEnding ? await read(config) : undefined;
    found.set(config, current === 'gone' ? [] : (current ?? own));
  }
  return [...found.values()].flat();
}
