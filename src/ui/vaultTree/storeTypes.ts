/** Contract of the store: what the view knows of the vaults, and how it is told to read. */
import type {
  AzureParts,
  CallOptions,
  FoundVaults,
  Vault,
  VaultCertificate,
  VaultCertificateDetails,
  VaultClient,
} from '../../azure/types.ts';
import type { Problem, VaultRecord } from './records.ts';
import type { Remembered } from './remembered.ts';

export interface StorePorts {
  azure(): AzureParts;
  /** Tenants to search, from the settings; empty for all. */
  tenants(): readonly string[];
  readonly remembered: Remembered;
  /** A bug of ours: logged. */
  report(error: unknown): void;
}

/** Everything may have changed, or the rows of one vault. */
export type StoreChange = { readonly kind: 'all' } | { readonly kind: 'vault'; readonly origin: string };

export interface VaultStore {
  readonly records: ReadonlyMap<string, VaultRecord>;
  /** `unread` until somebody looks. */
  readonly search: 'unread' | 'running' | 'done';
  /** Why not even the tenants could be listed. */
  readonly searchProblem: Problem | undefined;
  readonly found: FoundVaults | undefined;
  onDidChange(listener: (change: StoreChange) => void): { dispose(): void };
  /** Searches and loads in the background, unless that was done. Resolves when the first vaults are known, or that there are none. */
  start(): Promise<void>;
  /** Resolves when nothing is loading. */
  idle(): Promise<void>;
  isBusy(): boolean;
  /** Resolves when there are rows of this vault to show, or the reason why not. */
  firstRows(origin: string): Promise<void>;
  /** Reads everything anew; what is known stays visible meanwhile. */
  refresh(): Promise<void>;
  refreshVault(origin: string): Promise<void>;
  /** Resolves when the vault has been read to its end. */
  complete(origin: string): Promise<void>;
  /** Reads one certificate anew; one that is gone goes. */
  refreshCertificate(origin: string, name: string): Promise<void>;
  /** Reads the deleted certificates of all vaults that have been read and have not shown theirs. */
  loadAllDeleted(): void;
  /** Newest first; kept until the certificate is read anew. */
  versions(origin: string, name: string): Promise<readonly VaultCertificate[]>;
  knownVersions(origin: string, name: string): readonly VaultCertificate[] | undefined;
  /** For tooltips: kept until the certificate is read anew. */
  details(origin: string, name: string, version?: string): Promise<VaultCertificateDetails>;
  /** As it is now, for people who asked for it. */
  read(vault: Vault, name: string, version: string | undefined, options: CallOptions): Promise<VaultCertificateDetails>;
  add(vault: Vault): Promise<void>;
  /** True if it was added by hand. */
  remove(origin: string): Promise<boolean>;
  /** The listed vault of this name or origin; else what the cloud makes of the input. @throws ExpectedError `vault-name-invalid`, `vault-not-in-cloud` */
  vaultOf(input: string): Vault;
  client(vault: Vault): VaultClient;
  /** Forgets all but what is remembered: somebody else is signed in, or the cloud is another. */
  reset(): void;
}
