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

/**
 * What to sort a name of Key Vault (letters, digits and hyphens, without regard to case) by, so that "app-2" comes before
 * "app-10": each number led by its length. A collator would hold the editor up for ten thousand of them.
 */
export function sortKey(name: string): string {
  return name.toLowerCase().replace(/\d+/g, (digits) => {
    const number = digits.replace(/^0+(?=\d)/, '');
    return `${String(number.length).padStart(3, '0')}${number}`;
  });
}

export function compareNames(a: string, b: string): number {
  return compareText(sortKey(a), sortKey(b));
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** After the last time that a Date can hold. */
const noEnd = 9e15;

/** A row with what it is sorted by, worked out once and not with every comparison. */
interface Placed {
  readonly row: Row;
  readonly place: number;
  /** {@link sortKey} of name and vault. */
  readonly key: string;
}

/** The rows of some vaults, filtered and sorted. */
export function rowsOf(records: Iterable<VaultRecord>, sieve: Sieve): Row[] {
  const words = wordsOf(sieve.filter);
  const found: Placed[] = [];
  for (const record of records) {
    // Sorts before all that a name may hold.
    const vaultKey = ` ${sortKey(record.vault.name)}`;
    const maps = sieve.showDeleted ? [record.live, record.deleted] : [record.live];
    for (const certificate of maps.flatMap((map) => [...map.values()])) {
      const state = stateOf(certificate, sieve.thresholds, sieve.now);
      if (sieve.onlyExpiring && !needsAction(state)) continue;
      if (words.length > 0 && !matches(certificate, record.vault.name, words)) continue;
      const row = { record, certificate, state };
      found.push({ row, key: sortKey(certificate.name) + vaultKey, place: placeOf(certificate, sieve.sortBy) });
    }
  }
  found.sort((a, b) => (a.place === b.place ? compareText(a.key, b.key) : a.place < b.place ? -1 : 1));
  return found.map(({ row }) => row);
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

/** What has no end, or is not there yet, comes last but for what is deleted. */
function placeOf({ deleted, expires = noEnd }: VaultCertificate, sortBy: Arrangement['sortBy']): number {
  if (deleted !== undefined) return Infinity;
  return sortBy === 'expiry' ? expires : 0;
}

function matches(certificate: VaultCertificate, vault: string, words: readonly string[]): boolean {
  const tags = Object.entries(certificate.tags).map(([name, value]) => `${name}=${value}`);
  const text = [certificate.name, vault, certificate.thumbprintSha1 ?? '', ...tags].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}
