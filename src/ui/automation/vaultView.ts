/** Options and results of the commands of the view "Vault Certificates". */

/** A vault. */
export interface VaultArgument {
  /** Name or address; in a custom cloud a name is known once the vault was listed. */
  vault?: string;
}

/** A certificate of a vault, or one version of it. */
export interface VaultCertificateArgument extends VaultArgument {
  name?: string;
  /** Default the newest. */
  version?: string;
}

export interface VaultResult {
  name: string;
  /** `https://name.vault.azure.net` */
  address: string;
}

export interface FilterOptions {
  /** Words that must all occur in name, vault, tags or SHA-1 thumbprint; empty for no filter. */
  text?: string;
}

export interface ListVaultCertificatesOptions {
  /** Name or address; default all vaults that are found or were added. */
  vault?: string;
  /** As in `filterVaultCertificates`. */
  filter?: string;
  /** Only those that are expired or expire soon. */
  onlyExpiring?: boolean;
  sortBy?: 'name' | 'expiry';
}

export interface ListedVaultCertificate {
  /** Address of the vault. */
  vault: string;
  vaultName: string;
  name: string;
  state: 'expired' | 'urgent' | 'expiring' | 'valid' | 'notYetValid' | 'pending' | 'unfinished' | 'disabled';
  /** The same in words, e.g. "expires in 12 days". */
  stateText: string;
  enabled: boolean;
  /** ISO 8601 in UTC. */
  notBefore?: string;
  notAfter?: string;
  thumbprintSha1?: string;
  tags: Record<string, string>;
}

export interface ListVaultCertificatesResult {
  certificates: ListedVaultCertificate[];
  /** Vaults and tenants that could not be listed. */
  problems: { name: string; code: string; message: string }[];
}

export interface VaultCertificateFacts {
  /** Address of the vault. */
  vault: string;
  name: string;
  version?: string;
  id: string;
  enabled: boolean;
  /** ISO 8601 in UTC. */
  notBefore?: string;
  notAfter?: string;
  subject?: string;
  issuer?: string;
  thumbprintSha256?: string;
  thumbprintSha1?: string;
  keyAlgorithm?: string;
  keySize?: number;
  exportable?: boolean;
  tags: Record<string, string>;
}

/** What was put into the clipboard. */
export interface CopiedResult {
  text: string;
}

type Nothing = Record<string, never>;

export interface VaultViewOptions {
  addVault: VaultArgument;
  removeVault: VaultArgument;
  pinVault: VaultArgument;
  unpinVault: VaultArgument;
  refreshVaults: Nothing;
  refreshVaultItem: { vault?: string; name?: string; version?: string };
  filterVaultCertificates: FilterOptions;
  clearVaultFilter: Nothing;
  sortVaultCertificates: { by?: 'name' | 'expiry' };
  groupVaultCertificates: { by?: 'vault' | 'expiry' };
  showOnlyExpiring: Nothing;
  showAllCertificates: Nothing;
  showDeletedCertificates: Nothing;
  hideDeletedCertificates: Nothing;
  listVaultCertificates: ListVaultCertificatesOptions;
  openVaultCertificate: VaultCertificateArgument;
  copySha256Thumbprint: VaultCertificateArgument;
  copySha1Thumbprint: VaultCertificateArgument;
  copyBase64UrlThumbprint: VaultCertificateArgument;
  copyCertificateId: VaultCertificateArgument;
  showInPortal: VaultCertificateArgument;
}

export interface VaultViewResults {
  addVault: VaultResult;
  removeVault: VaultResult;
  pinVault: VaultResult;
  unpinVault: VaultResult;
  refreshVaults: Nothing;
  refreshVaultItem: Nothing;
  filterVaultCertificates: { text: string };
  clearVaultFilter: Nothing;
  sortVaultCertificates: { by: 'name' | 'expiry' };
  groupVaultCertificates: { by: 'vault' | 'expiry' };
  showOnlyExpiring: Nothing;
  showAllCertificates: Nothing;
  showDeletedCertificates: Nothing;
  hideDeletedCertificates: Nothing;
  listVaultCertificates: ListVaultCertificatesResult;
  openVaultCertificate: VaultCertificateFacts;
  copySha256Thumbprint: CopiedResult;
  copySha1Thumbprint: CopiedResult;
  copyBase64UrlThumbprint: CopiedResult;
  copyCertificateId: CopiedResult;
  showInPortal: { address: string };
}
