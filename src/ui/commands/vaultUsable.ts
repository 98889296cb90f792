/** Whether an app could use the key of a certificate that stays in its vault. */
import * as l10n from '@vscode/l10n';
import type { VaultCertificateDetails } from '../../azure/types.ts';
import { ExpectedError } from '../../base/errors.ts';

/**
 * The certificate's DER. Rejects what the vault lets nobody use with `creation-pending`, `certificate-expired` or
 * `certificate-disabled`: it refuses an expired key in the words of a disabled one, and enabling it does not help.
 *
 * @param now ms since the epoch
 */
export function usableCertificate(
  { name, certificateDer, enabled, expires }: VaultCertificateDetails,
  vault: string,
  now: number,
): Uint8Array {
  if (certificateDer === undefined) {
    throw new ExpectedError(
      'creation-pending',
      l10n.t('The creation of {0} in {1} is not completed yet. Wait for it, then try again.', name, vault),
    );
  }
  if (expires !== undefined && expires <= now) {
    throw new ExpectedError(
      'certificate-expired',
      l10n.t(
        'The certificate {0} in {1} has expired, so its key cannot be used. Make a new version of it in the vault, or choose another one.',
        name,
        vault,
      ),
    );
  }
  if (!enabled) {
    throw new ExpectedError(
      'certificate-disabled',
      l10n.t('The certificate {0} is disabled, so its key cannot be used. Enable it, or choose another version.', name),
    );
  }
  return certificateDer;
}
