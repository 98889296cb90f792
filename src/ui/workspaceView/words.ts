/** Words of the view "This Workspace". Knows no editor. */
import * as l10n from '@vscode/l10n';
import { dayText } from '../vaultTree/states.ts';
import type { CertificateFact } from './facts.ts';
import type { Drift } from './join.ts';

/** "just now", "5 minutes ago", "3 days ago". @param time ms since the epoch */
export function agoText(time: number, now: number): string {
  const minutes = Math.floor((now - time) / 60_000);
  if (!Number.isFinite(minutes)) return l10n.t('at an unknown time');
  if (minutes < 1) return l10n.t('just now');
  if (minutes < 120) return minutes === 1 ? l10n.t('1 minute ago') : l10n.t('{0} minutes ago', minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return l10n.t('{0} hours ago', hours);
  return l10n.t('{0} days ago', Math.floor(hours / 24));
}

/** Enough of a thumbprint to tell certificates apart by eye. */
export function shortThumbprint({
  thumbprintSha256,
  thumbprintSha1,
}: Pick<CertificateFact, 'thumbprintSha256' | 'thumbprintSha1'>): string {
  if (thumbprintSha256 !== undefined && thumbprintSha256 !== '') {
    return l10n.t('SHA-256 {0}…', thumbprintSha256.slice(0, 8));
  }
  if (thumbprintSha1 !== undefined && thumbprintSha1 !== '') return l10n.t('SHA-1 {0}…', thumbprintSha1.slice(0, 8));
  return l10n.t('unknown thumbprint');
}

const called = (certificate: CertificateFact): string =>
  certificate.name === undefined
    ? shortThumbprint(certificate)
    : l10n.t('{0} ({1})', certificate.name, shortThumbprint(certificate));

/** What does not agree, and what to do: a short line, and the whole of it. */
export function driftText(drift: Drift): { readonly short: string; readonly long: string } {
  switch (drift.code) {
    case 'not-registered':
      return {
        short: l10n.t('Not registered'),
        long: l10n.t(
          'The app registration does not have the certificate that the code names, so signing in fails. Upload it, or go back to the one that is registered.',
        ),
      };
    case 'expired':
      return {
        short: l10n.t('Expired'),
        long: l10n.t('The certificate ended on {0}, so signing in fails. Rotate it.', dayText(drift.expires)),
      };
    case 'expiring':
      return {
        short: l10n.t('Expires soon'),
        long: l10n.t(
          'The certificate ends on {0}; from then on signing in fails. Rotate it in time.',
          dayText(drift.expires),
        ),
      };
    case 'registered-without-key':
      return {
        short: l10n.t('Registered without a key: {0}', called(drift.certificate)),
        long: l10n.t(
          'The app registration has the certificate {0}, and its private key is neither on this machine nor in a vault that was looked at. Another deployment may use it; if none does, remove it from the app registration.',
          called(drift.certificate),
        ),
      };
    case 'vault-newer':
      return {
        short: l10n.t('The vault has a newer version'),
        long:
          drift.registered === true
            ? l10n.t(
                'The vault has the version {0}, which is newer than the one that the app uses and is registered already. Rotate to it.',
                drift.version.slice(0, 8),
              )
            : l10n.t(
                'The vault has the version {0}, which is newer than the one that the app uses. Rotate to it before the old one ends.',
                drift.version.slice(0, 8),
              ),
      };
    case 'vault-ahead-of-registration':
      return {
        short: l10n.t('The newest version is not registered'),
        long: l10n.t(
          'The app follows its vault and will switch to the version {0} by itself, a day after that was made. The app registration does not have it, so signing in will fail then. Upload it.',
          drift.version.slice(0, 8),
        ),
      };
    case 'key-reused':
      return {
        short: l10n.t('The key was reused'),
        long: l10n.t(
          '{0} and {1} have the same private key: the renewal does not help if the key was ever copied. Switch off the reuse of the key in the policy, then rotate.',
          called(drift.between[0]),
          called(drift.between[1]),
        ),
      };
    case 'secret-alive':
      return {
        short: l10n.t('The secret is still alive'),
        long: l10n.t(
          'Signing in with the certificate is proven, and the app registration still has a client secret. Retire it when every deployment has switched.',
        ),
      };
  }
}
