/**
 * The expiry timeline as data: where each bar begins and ends, in per cent of the width, and every word on it. Pure; the
 * webview (media/timeline/) only draws. Times in ms since the epoch.
 */
import * as l10n from '@vscode/l10n';
import type { CertificateState } from '../vaultTree/states.ts';

/** One certificate as listed. */
export interface TimelineEntry {
  /** Stable, of one certificate in one vault. */
  readonly id: string;
  readonly name: string;
  readonly vault: string;
  readonly state: CertificateState;
  /** The state in words, e.g. "expires in 12 days". */
  readonly stateText: string;
  readonly notBefore?: number;
  readonly expires?: number;
}

export interface TimelineBar {
  /** Per cent of the width, 0 to 100. */
  readonly from: number;
  readonly to: number;
  /** It goes on beyond the edge. */
  readonly cutLeft: boolean;
  readonly cutRight: boolean;
}

export interface TimelineRow {
  readonly id: string;
  readonly name: string;
  readonly vault: string;
  readonly state: CertificateState;
  readonly stateText: string;
  /** Absent where the vault gave no dates, as for a pending creation. */
  readonly bar?: TimelineBar;
  /** The whole row in words, for screen readers. */
  readonly spoken: string;
}

export interface TimelineMark {
  readonly at: number;
  readonly label: string;
}

export interface Timeline {
  readonly rows: readonly TimelineRow[];
  readonly ticks: readonly TimelineMark[];
  readonly today: TimelineMark;
  /** Where "expires soon" begins. */
  readonly threshold?: TimelineMark;
  /** Where "urgent" begins; absent where that is the same. */
  readonly urgent?: TimelineMark;
}

/** A bar in the picture of {@link layOut} for another life, e.g. of an older version. */
export type PlaceBar = (life: { readonly notBefore?: number; readonly expires?: number }) => TimelineBar | undefined;

export interface TimelineOptions {
  readonly now: number;
  /** Days before the end that count as "expires soon". */
  readonly thresholdDays: number;
  /** Days before the end that count as urgent. */
  readonly urgentDays: number;
  /** BCP 47, e.g. `en` or `de`. */
  readonly language: string;
}

const day = 86_400_000;
/** Longer lives are cut: a certificate of ten years would make all others a dot. */
const mostPast = 400 * day;
const mostFuture = 800 * day;
const leastAround = 45 * day;

/** Sorted by expiry; those without dates last, then by name. */
export function layOut(entries: readonly TimelineEntry[], options: TimelineOptions): Timeline & { place: PlaceBar } {
  const { now, thresholdDays, urgentDays } = options;
  const [start, end] = range(entries, now);
  const at = (time: number) => ((time - start) / (end - start)) * 100;
  const date = dates(options.language);
  const place: PlaceBar = (life) => barOf(life, start, end);
  const markIn = (days: number): TimelineMark | undefined =>
    now + days * day > end ? undefined : { at: at(now + days * day), label: daysText(days) };
  const threshold = markIn(thresholdDays);
  const urgent = urgentDays === 0 || urgentDays === thresholdDays ? undefined : markIn(urgentDays);
  return {
    rows: [...entries].sort(byExpiry).map((entry) => rowOf(entry, place, date)),
    ticks: ticksOf(start, end, options.language).map(({ time, label }) => ({ at: at(time), label })),
    today: { at: at(now), label: l10n.t('Today, {0}', date(now)) },
    ...(threshold === undefined ? {} : { threshold }),
    ...(urgent === undefined ? {} : { urgent }),
    place,
  };
}

function daysText(days: number): string {
  return days === 1 ? l10n.t('in 1 day') : l10n.t('in {0} days', days);
}

/** Days in words; each day is worked out once, since most of ten thousand dates fall on the same days. */
function dates(language: string): (time: number) => string {
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  const known = new Map<number, string>();
  return (time) => {
    const midnight = new Date(time).setHours(0, 0, 0, 0);
    const text = known.get(midnight) ?? format.format(time);
    known.set(midnight, text);
    return text;
  };
}

function byExpiry(a: TimelineEntry, b: TimelineEntry): number {
  const order = (a.expires ?? Infinity) - (b.expires ?? Infinity);
  // Infinity - Infinity is NaN.
  if (order !== 0 && !Number.isNaN(order)) return order;
  return a.name.localeCompare(b.name) || a.vault.localeCompare(b.vault);
}

function range(entries: readonly TimelineEntry[], now: number): [number, number] {
  let [start, end] = [now - leastAround, now + leastAround];
  for (const { notBefore, expires } of entries) {
    // The end of an expired one matters; how long ago it began does not.
    if (notBefore !== undefined && (expires ?? now) >= now) start = Math.min(start, notBefore);
    if (expires === undefined) continue;
    start = Math.min(start, expires - 7 * day);
    end = Math.max(end, expires + 7 * day);
  }
  return [Math.max(start, now - mostPast), Math.min(end, now + mostFuture)];
}

function rowOf(entry: TimelineEntry, place: PlaceBar, date: (time: number) => string): TimelineRow {
  const { id, name, vault, state, stateText, notBefore, expires } = entry;
  const bar = place(entry);
  const known = { id, name, vault, state, stateText, ...(bar === undefined ? {} : { bar }) };
  if (expires === undefined) return { ...known, spoken: l10n.t('{0} in {1}: {2}', name, vault, stateText) };
  return {
    ...known,
    spoken:
      notBefore === undefined
        ? l10n.t('{0} in {1}: {2}, valid until {3}', name, vault, stateText, date(expires))
        : l10n.t('{0} in {1}: {2}, valid from {3} to {4}', ...[name, vault, stateText, date(notBefore), date(expires)]),
  };
}

function barOf(life: Parameters<PlaceBar>[0], start: number, end: number): TimelineBar | undefined {
  const { notBefore = start, expires } = life;
  if (expires === undefined) return undefined;
  const percent = (time: number) => ((Math.min(Math.max(time, start), end) - start) / (end - start)) * 100;
  return { from: percent(notBefore), to: percent(expires), cutLeft: notBefore < start, cutRight: expires > end };
}

/** Beginnings of months (of years for long ranges), so few that their labels do not touch. */
function ticksOf(start: number, end: number, language: string): { time: number; label: string }[] {
  const months = Math.max(1, Math.round((end - start) / (30 * day)));
  const step = [1, 2, 3, 6, 12].find((candidate) => months / candidate <= 10) ?? 12;
  const format = new Intl.DateTimeFormat(language, { month: 'short', year: 'numeric', timeZone: 'UTC' });
  const first = new Date(start);
  const ticks: { time: number; label: string }[] = [];
  for (let month = Math.ceil((first.getUTCMonth() + 1) / step) * step; ; month += step) {
    const time = Date.UTC(first.getUTCFullYear(), month, 1);
    if (time >= end) return ticks;
    ticks.push({ time, label: format.format(time) });
  }
}
