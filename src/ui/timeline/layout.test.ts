import assert from 'node:assert/strict';
import { layOut } from './layout.ts';
import type { TimelineEntry } from './layout.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 10, 23);
const options = { now, thresholdDays: 30, urgentDays: 7, language: 'en' };

function entry(name: string, expiresIn: number | undefined, livesFor = 365): TimelineEntry {
  const expires = expiresIn === undefined ? undefined : now + expiresIn * day;
  return {
    id: `v/${name}`,
    name,
    vault: 'v',
    state: 'valid',
    stateText: 'valid',
    ...(expires === undefined ? {} : { expires, notBefore: expires - livesFor * day }),
  };
}

describe('timeline', () => {
  it('sorts by expiry, then by name, those without dates last', () => {
    const rows = layOut(
      [entry('b', 10), entry('pending', undefined), entry('late', 300), entry('a', 10)],
      options,
    ).rows;
    assert.deepEqual(
      rows.map(({ name }) => name),
      ['a', 'b', 'late', 'pending'],
    );
    assert.equal(rows[3]?.bar, undefined);
  });

  it('puts today between the ends of an expired and a valid certificate', () => {
    const { rows, today, threshold } = layOut([entry('expired', -3), entry('soon', 12), entry('valid', 200)], options);
    const [expired, soon, valid] = rows.map(({ bar }) => bar);
    assert.ok(expired && soon && valid && threshold);
    assert.ok(expired.to < today.at && today.at < soon.to && soon.to < threshold.at && threshold.at < valid.to);
    for (const bar of [expired, soon, valid]) assert.ok(bar.from >= 0 && bar.to <= 100 && bar.from < bar.to);
  });

  it('marks where soon and where urgent begins, each with its days', () => {
    const marks = (more: Partial<typeof options>) => {
      const { today, urgent, threshold } = layOut([entry('x', 100)], { ...options, ...more });
      return { today, urgent, threshold };
    };
    const { today, urgent, threshold } = marks({});
    assert.ok(urgent && threshold);
    assert.ok(today.at < urgent.at && urgent.at < threshold.at);
    assert.deepEqual([urgent.label, threshold.label], ['in 7 days', 'in 30 days']);
    assert.equal(marks({ urgentDays: 1 }).urgent?.label, 'in 1 day');
    for (const urgentDays of [0, 30, 3650]) assert.equal(marks({ urgentDays }).urgent, undefined);
    assert.ok(marks({ thresholdDays: 3650 }).urgent);
  });

  it('cuts a long life at the edge and says so', () => {
    const [row] = layOut([entry('root', 3650, 7300)], options).rows;
    assert.deepEqual(row?.bar, { from: 0, to: 100, cutLeft: true, cutRight: true });
  });

  it('keeps every mark within the picture and few enough to be read', () => {
    for (const days of [5, 80, 400, 800, 4000]) {
      const { ticks, today } = layOut([entry('x', days)], options);
      assert.ok(ticks.length >= 1 && ticks.length <= 14, `${days} days: ${ticks.length}`);
      for (const { at } of [...ticks, today]) assert.ok(at >= 0 && at <= 100);
      const sorted = [...ticks].sort((a, b) => a.at - b.at);
      assert.deepEqual(ticks, sorted);
    }
  });

  it('says the whole row in words', () => {
    const [row] = layOut([{ ...entry('app', 12), stateText: 'expires in 12 days' }], options).rows;
    assert.equal(row?.spoken, 'app in v: expires in 12 days, valid from Dec 5, 2025 to Dec 5, 2026');
  });

  it('has a picture without certificates', () => {
    const { rows, ticks } = layOut([], options);
    assert.deepEqual(rows, []);
    assert.ok(ticks.length > 0);
  });

  it('lays out 10,000 certificates at once', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => entry(`app-${index}`, (index * 7) % 700));
    assert.equal(layOut(many, options).rows.length, 10_000);
  });
});
