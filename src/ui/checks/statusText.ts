/** The state of an app's credential in one line, from what this machine knows. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { CheckedConfig, JournalProof } from '../../setup/index.ts';
import { expiryText } from '../vaultTree/states.ts';

/** A checked config with what journal and proofs tell of it. */
export interface CheckedApp extends CheckedConfig {
  /** A setup has uploaded this certificate or found it in the app registration. Absent where no setup knows. */
  readonly registered?: boolean;
  /** The last proof with this certificate. */
  readonly proof?: JournalProof;
}

const day = 86_400_000;

/** e.g. `expires in 212 days · SHA-256 AB12… · registered ✓ · proven 3 days ago`. @param now ms since the epoch */
export function statusText(app: CheckedApp, now: number): string {
  const { config, certificate, registered, proof, findings } = app;
  const parts: string[] = [];
  switch (config.credential) {
    case 'secret':
      return l10n.t('client secret');
    case 'none':
      return l10n.t('no credential');
    case 'secretAndCertificate':
      parts.push(l10n.t('client secret and certificate'));
      break;
    default:
  }
  const expiry = certificate?.notAfter !== undefined && app.keyMatches !== false ? certificate.notAfter : undefined;
  if (expiry !== undefined) parts.push(expiryText(Date.parse(expiry), now));
  if (config.vault !== undefined) {
    const { certificate: name, version } = config.vault;
    parts.push(
      version.value === undefined || version.value === 'latest'
        ? l10n.t('certificate {0} of a vault', name.value ?? '…')
        : l10n.t('certificate {0} of a vault, version {1}…', name.value ?? '…', version.value.slice(0, 6)),
    );
  } else if (expiry === undefined) parts.push(withoutEnd(app));
  const thumbprint = certificate?.thumbprintSha256;
  if (thumbprint !== undefined) parts.push(l10n.t('SHA-256 {0}…', thumbprint.slice(0, 4)));
  if (registered === true) parts.push(l10n.t('registered ✓'));
  if (registered === false) parts.push(l10n.t('not registered'));
  if (proof !== undefined) parts.push(provenText(Date.parse(proof.at), now));
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) parts.push(errors === 1 ? l10n.t('1 error') : l10n.t('{0} errors', errors));
  return parts.join(' · ');
}

/** What is used instead of a certificate whose end is known. */
function withoutEnd({ config, certificate }: CheckedApp): string {
  if (config.credential === 'assertion') return l10n.t('client assertion');
  // The code names a certificate that lies here, but the app's key is another's.
  return certificate === undefined
    ? l10n.t('certificate not found on this machine')
    : l10n.t('key of another certificate');
}

/** e.g. `proven 3 days ago`. */
export function provenText(at: number, now: number): string {
  const days = Math.floor((now - at) / day);
  if (days < 1) return l10n.t('proven today');
  return days === 1 ? l10n.t('proven yesterday') : l10n.t('proven {0} days ago', days);
}
