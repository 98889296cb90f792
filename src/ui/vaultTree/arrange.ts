/** Filters, sorts and groups certificates. Pure. */
import type { VaultCertificate } from '../../azure/types.ts';
import type { Arrangement } from './remembered.ts';
import type { VaultRecord } from './records.ts';
import { needsAction, stateOf, urgencyOf } from './states.ts';
import type { CertificateState, Thresholds, Urgency } from './states.ts';

/** A certificate as the view lists it. */
export interface Row {
  readonly record: VaultRecord;
  readonly certificate: VaultCertificate;
  readonly state: CertificateState;
}

export interface Sieve extends Arrangement {
  /** Words that must all occur in name, vault, tags or SHA-1 thumbprint. */
  readonly filter: string;
  readonly thresholds: Thresholds;
  /** ms since the epoch */
  readonly now: number;
}

/** Names with numbers in the order people expect; creating one is dear. */
const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

export function compareNames(a: string, b: string): number {
  return byName.compare(a, b);
}

/** The rows of some vaults, filtered and sorted. */
export function rowsOf(records: Iterable<VaultRecord>, sieve: Sieve): Row[] {
  const words = wordsOf(sieve.filter);
  const rows: Row[] = [];
  for (const record of records) {
    const maps = sieve.showDeleted ? [record.live, record.deleted] : [record.live];
    for (const certificate of maps.flatMap((map) => [...map.values()])) {
      const state = stateOf(certificate, sieve.thresholds, sieve.now);
      if (sieve.onlyExpiring && !needsAction(state)) continue;
      if (words.length > 0 && !matches(certificate, record.vault.name, words)) continue;
      rows.push({ record, certificate, state });
    }
  }
  return rows.sort(sieve.sortBy === 'expiry' ? compareExpiry : compareRows);
}

/** Number of live certificates that somebody has to care for, whatever the filter. */
export function countActions(record: VaultRecord, thresholds: Thresholds, now: number): number {
  let count = 0;
  for (const certificate of record.live.values()) if (needsAction(stateOf(certificate, thresholds, now))) count++;
  return count;
}

/** The groups of the view "by expiry", those with rows only, in their order. */
export function groupsOf(rows: readonly Row[], order: readonly Urgency[]): Map<Urgency, Row[]> {
  const groups = new Map<Urgency, Row[]>(order.map((urgency) => [urgency, []]));
  for (const row of rows) groups.get(urgencyOf(row.state))?.push(row);
  return new Map([...groups].filter(([, members]) => members.length > 0));
}

export function wordsOf(filter: string): string[] {
  return filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

function matches(certificate: VaultCertificate, vault: string, words: readonly string[]): boolean {
  const tags = Object.entries(certificate.tags).map(([name, value]) => `${name}=${value}`);
  const text = [certificate.name, vault, certificate.thumbprintSha1 ?? '', ...tags].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}

function compareRows(a: Row, b: Row): number {
  return (
    Number(a.certificate.deleted !== undefined) - Number(b.certificate.deleted !== undefined) ||
    compareNames(a.certificate.name, b.certificate.name) ||
    compareNames(a.record.vault.name, b.record.vault.name)
  );
}

/** What has no end, or is not there yet, comes last. */
function compareExpiry(a: Row, b: Row): number {
  const end = ({ certificate }: Row) =>
    certificate.deleted === undefined ? (certificate.expires ?? Infinity) : Infinity;
  // Infinity minus Infinity is no number.
  return end(a) === end(b) ? compareRows(a, b) : end(a) - end(b);
}
