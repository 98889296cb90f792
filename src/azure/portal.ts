/** Addresses in the Azure portal. */
import type { Cloud, Vault } from './types.ts';

/**
 * Address of a vault's certificates, or of one certificate; undefined where the cloud has no portal or the vault's
 * resource is not known. The certificate's form is what the portal's own links have ("asset" of Microsoft_Azure_KeyVault).
 */
export function portalLink(cloud: Cloud, vault: Vault, certificate?: string): string | undefined {
  if (cloud.portal === undefined) return undefined;
  const start = `${cloud.portal}/#@${vault.tenant ?? ''}`;
  if (certificate !== undefined) {
    return `${start}/asset/Microsoft_Azure_KeyVault/Certificate/${vault.origin}/certificates/${encodeURIComponent(certificate)}`;
  }
  return vault.resourceId === undefined ? undefined : `${start}/resource${vault.resourceId}/certificates`;
}
