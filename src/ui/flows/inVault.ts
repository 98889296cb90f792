/** Certificates of a vault as they are chosen: used there, or taken out. Knows no editor. */
import type { NewVaultCertificateChoice, VaultCertificateChoice } from '../automation.ts';
import type { ChosenCertificate } from './setUpFlow.ts';

export type ChosenInVault = VaultCertificateChoice | NewVaultCertificateChoice;

export function isInVault(certificate: ChosenCertificate | undefined): certificate is ChosenInVault {
  return certificate?.kind === 'vault' || certificate?.kind === 'vaultNew';
}
