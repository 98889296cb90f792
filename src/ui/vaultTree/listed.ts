/** What the view lists, for those who draw it otherwise. */
import type { Vault } from '../../azure/types.ts';
import type { Row } from './arrange.ts';
import type { CertificateState } from './states.ts';
import type { VaultStore } from './store.ts';

export interface ListedCertificate {
  readonly vault: Vault;
  readonly name: string;
  readonly state: CertificateState;
  /** ms since the epoch */
  readonly notBefore?: number;
  readonly expires?: number;
  /** Newest first; absent until somebody has opened them. */
  readonly versions?: readonly ListedVersion[];
}

export interface ListedVersion {
  readonly version: string;
  readonly enabled: boolean;
  readonly notBefore?: number;
  readonly expires?: number;
}

/** Sorted by expiry; what has no end comes last. */
export function listedOf(rows: readonly Row[], store: Pick<VaultStore, 'knownVersions'>): ListedCertificate[] {
  return rows
    .map(({ record: { vault }, certificate: { name, notBefore, expires }, state }): ListedCertificate => {
      const versions = store.knownVersions(vault.origin, name);
      return {
        vault,
        name,
        state,
        ...(notBefore === undefined ? {} : { notBefore }),
        ...(expires === undefined ? {} : { expires }),
        ...(versions === undefined
          ? {}
          : {
              versions: versions.map(({ version, enabled, notBefore: from, expires: until }) => ({
                version: version ?? '',
                enabled,
                ...(from === undefined ? {} : { notBefore: from }),
                ...(until === undefined ? {} : { expires: until }),
              })),
            }),
      };
    })
    .sort((a, b) => {
      const [first, second] = [a.expires ?? Infinity, b.expires ?? Infinity];
      return first === second ? 0 : first - second;
    });
}
