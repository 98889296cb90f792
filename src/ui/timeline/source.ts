/** The timeline's rows and details out of what the view of vault certificates has listed. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { VaultCertificate, VaultCertificateDetails } from '../../azure/types.ts';
import type { ListedCertificate } from '../vaultTree/listed.ts';
import type { VaultStore } from '../vaultTree/store.ts';
import { stateOf, stateText } from '../vaultTree/states.ts';
import type { Thresholds } from '../vaultTree/states.ts';
import type { PlaceBar, TimelineBar, TimelineEntry } from './layout.ts';

/** Where one row comes from. */
export interface TimelineOrigin {
  readonly origin: string;
  readonly name: string;
}

/** What the view lists, without what is deleted; each row's origin by the row's id. */
export function entriesOf(
  listed: readonly ListedCertificate[],
  now: number,
): { readonly entries: readonly TimelineEntry[]; readonly origins: ReadonlyMap<string, TimelineOrigin> } {
  const entries: TimelineEntry[] = [];
  const origins = new Map<string, TimelineOrigin>();
  for (const { vault, name, state, ...life } of listed) {
    if (state === 'deleted') continue;
    const id = `${vault.origin}/${name}`;
    const words = stateText({ ...life, enabled: state !== 'disabled' }, state, now);
    entries.push({ id, name, vault: vault.name, state, stateText: words, ...dates(life) });
    origins.set(id, { origin: vault.origin, name });
  }
  return { entries, origins };
}

function dates({ notBefore, expires }: { readonly notBefore?: number; readonly expires?: number }) {
  return { ...(notBefore === undefined ? {} : { notBefore }), ...(expires === undefined ? {} : { expires }) };
}

/** How complete the list is: one sentence. */
export function leadOf(store: Pick<VaultStore, 'records' | 'search' | 'searchProblem'>, count: number): string {
  const records = [...store.records.values()];
  const failed = records.filter(({ status }) => status === 'failed').length;
  const isLoading =
    store.search !== 'done' || records.some(({ status }) => status === 'waiting' || status === 'loading');
  if (store.searchProblem !== undefined && records.length === 0) return store.searchProblem.message;
  if (isLoading) return l10n.t('{0} certificates so far; more are being listed.', count);
  if (count === 0 && failed === 0) return l10n.t('There is no certificate in any vault that you can list.');
  if (failed === 0) return l10n.t('{0} certificates of {1} vaults, sorted by expiry.', count, records.length);
  return failed === 1
    ? l10n.t(
        '{0} certificates, sorted by expiry. 1 vault did not answer; the view "Vault Certificates" says why.',
        count,
      )
    : l10n.t(
        '{0} certificates, sorted by expiry. {1} vaults did not answer; the view "Vault Certificates" says why.',
        count,
        failed,
      );
}

export interface TimelineDetails {
  readonly heading: string;
  readonly facts: readonly { readonly label: string; readonly value: string; readonly code?: boolean }[];
  readonly versionsHeading: string;
  readonly versions: readonly {
    readonly name: string;
    readonly state: string;
    readonly stateText: string;
    readonly bar?: TimelineBar;
  }[];
}

/** At most this many versions are drawn; the view lists them all. */
const mostVersions = 12;

export function detailsOf(
  certificate: VaultCertificateDetails,
  versions: readonly VaultCertificate[],
  context: {
    readonly vaultName: string;
    readonly place: PlaceBar;
    readonly thresholds: Thresholds;
    readonly now: number;
  },
): TimelineDetails {
  const { thresholds, now, place } = context;
  const { policy, thumbprintSha256, notBefore, expires } = certificate;
  const known: (readonly [string, string | undefined, boolean?])[] = [
    [l10n.t('Subject'), policy?.subject],
    [l10n.t('Issuer'), policy?.issuer],
    [l10n.t('Valid from'), notBefore === undefined ? undefined : new Date(notBefore).toLocaleString()],
    [l10n.t('Valid until'), expires === undefined ? undefined : new Date(expires).toLocaleString()],
    [l10n.t('Thumbprint (SHA-256)'), thumbprintSha256, true],
  ];
  const drawn = versions.slice(0, mostVersions).map((version) => {
    const state = stateOf(version, thresholds, now);
    const bar = place(version);
    const words = stateText(version, state, now);
    return { name: version.version ?? '', state, stateText: words, ...(bar === undefined ? {} : { bar }) };
  });
  return {
    heading: l10n.t('{0} in {1}', certificate.name, context.vaultName),
    facts: known.flatMap(([label, value, code]) =>
      value === undefined || value === '' ? [] : [{ label, value, ...(code === true ? { code } : {}) }],
    ),
    versionsHeading:
      versions.length > mostVersions
        ? l10n.t('Versions (the newest {0} of {1})', mostVersions, versions.length)
        : l10n.t('Versions'),
    versions: drawn,
  };
}
