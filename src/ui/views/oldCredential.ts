/** What the page of a setup says of the credential that the certificate replaces: a client secret, or after a rotation an older certificate. */
import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions.ts';
import type { ReportStep } from './report.ts';

/** How far the setup is. */
export type Stage = 'stopped' | 'unregistered' | 'registered' | 'proven';

export function titleOf(stage: Stage, isRotation: boolean): string {
  if (stage === 'stopped')
    return isRotation
      ? l10n.t('The new certificate is made; the app still uses the old one')
      : l10n.t('The certificate is made; the app still uses its secret');
  if (stage === 'proven')
    return isRotation
      ? l10n.t('The app signs in with its new certificate')
      : l10n.t('The app signs in with its certificate');
  return isRotation
    ? l10n.t('The app is set up to use its new certificate')
    : l10n.t('The app is set up to use its certificate');
}

/** The sentence below the title once the app is rewritten. */
export function leadOf(stage: Exclude<Stage, 'stopped'>, isRotation: boolean): string {
  if (stage === 'proven')
    return isRotation
      ? l10n.t(
          'The new certificate is registered, the app is rewritten, and tokens were really issued for it on this machine. The old certificate works until it is removed.',
        )
      : l10n.t(
          'The certificate is registered, the app is rewritten, and tokens were really issued for it on this machine. The old secret still works until it is retired.',
        );
  if (stage === 'registered')
    return isRotation
      ? l10n.t(
          'The new certificate is registered and the app is rewritten. Whether it signs in is not proven yet; the old certificate still works.',
        )
      : l10n.t(
          'The certificate is registered and the app is rewritten. Whether it signs in is not proven yet; the old secret still works.',
        );
  return l10n.t(
    'It signs in only once the certificate is uploaded to its app registration. Until then keep it from restarting where others use it, or undo the setup.',
  );
}

/**
 * The last step: what goes when everything has switched.
 * @param config path of the app config; the step has its button only where a proof exists that unlocks it
 */
export function lastStep(stage: Stage, isRotation: boolean, config: string): ReportStep {
  const { title, text, label, command } = isRotation
    ? {
        title: l10n.t('Remove the old certificate, later'),
        text: l10n.t(
          'Remove it from the app registration only when every deployment signs in with the new one. Until then both work.',
        ),
        label: l10n.t('Remove Old Certificate'),
        command: commands.removeOldCertificate,
      }
    : {
        title: l10n.t('Retire the old secret, later'),
        text: l10n.t(
          'Delete it from the app registration only when every deployment signs in with the certificate: its value cannot be read again. Until then it stays in place.',
        ),
        label: l10n.t('Retire Secret'),
        command: commands.retireSecret,
      };
  const actions = stage === 'proven' ? [{ label, does: { kind: 'run', command, file: config } } as const] : undefined;
  return { title, text, ...(actions === undefined ? {} : { actions }) };
}
