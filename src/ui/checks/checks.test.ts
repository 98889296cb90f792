import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { AppConfig } from '../../appConfig/types.ts';
import type { CertificateDescription } from '../../certificates/types.ts';
import { asText } from '../../cli/output.ts';
import { certificatesNow, seenAfter, wantsAction } from './inUse.ts';
import { afterReminder, dueReminder } from './reminding.ts';
import type { Remembered } from './reminding.ts';
import { statusText } from './statusText.ts';
import type { CheckedApp } from './statusText.ts';

const now = Date.UTC(2026, 10, 23, 12);
const day = 86_400_000;
const iso = (days: number) => new Date(now + days * day).toISOString();

const config = { credential: 'certificate', msal: { source: 'unknown' } } as unknown as AppConfig;
const certificate = { thumbprintSha256: 'AB12'.repeat(16), notAfter: iso(212) } as CertificateDescription;
const checked = (more: Partial<CheckedApp>): CheckedApp => ({ config, findings: [], ...more });

describe('the state of a credential in one line', () => {
  it('tells what is known', () => {
    const proof = { at: iso(-3), thumbprintSha256: 'x', algorithm: 'PS256' };
    assert.equal(
      statusText(checked({ certificate, registered: true, proof }), now),
      'expires in 212 days · SHA-256 AB12… · registered ✓ · proven 3 days ago',
    );
    assert.equal(statusText(checked({ certificate }), now), 'expires in 212 days · SHA-256 AB12…');
    assert.equal(statusText(checked({}), now), 'certificate not found on this machine');
    assert.equal(
      statusText(checked({ certificate, keyMatches: false }), now),
      'key of another certificate · SHA-256 AB12…',
    );
    assert.equal(statusText(checked({ config: { ...config, credential: 'secret' } }), now), 'client secret');
    const vault = { certificate: { value: 'app' }, version: { value: 'latest' } } as AppConfig['vault'];
    assert.equal(
      statusText(checked({ config: { ...config, ...(vault && { vault }) } }), now),
      'certificate app of a vault',
    );
    const pinned = { certificate: { value: 'app' }, version: { value: '93ab'.repeat(8) } } as AppConfig['vault'];
    const signing: AppConfig = { ...config, credential: 'assertion', ...(pinned && { vault: pinned }) };
    assert.equal(statusText(checked({ config: signing }), now), 'certificate app of a vault, version 93ab93…');
    assert.equal(
      statusText(checked({ config: signing, certificate }), now),
      'expires in 212 days · certificate app of a vault, version 93ab93… · SHA-256 AB12…',
    );
    const expired = { ...certificate, notAfter: iso(-5) };
    assert.match(
      statusText(checked({ certificate: expired, registered: false }), now),
      /^expired 5 days ago · .* · not registered$/,
    );
  });
});

describe('reminders before the end of a certificate', () => {
  const soon = { config: '/a.js', thumbprintSha256: 'A', notAfter: iso(20) };
  const later = { config: '/b.js', thumbprintSha256: 'B', notAfter: iso(200) };
  const due = (remembered: Remembered, at = now) =>
    dueReminder([later, soon], { days: 30, urgentDays: 7 }, remembered, at);

  it('come once for each threshold', () => {
    const first = due({});
    assert.deepEqual(first, { certificate: soon, threshold: 30 });
    const told = afterReminder({}, first);
    assert.equal(due(told), undefined);
    const second = due(told, now + 14 * day);
    assert.equal(second?.threshold, 7);
    const toldTwice = afterReminder(told, second);
    assert.equal(due(toldTwice, now + 14 * day), undefined);
    const third = due(toldTwice, now + 21 * day);
    assert.equal(third?.threshold, 0);
    assert.equal(due(afterReminder(toldTwice, third), now + 40 * day), undefined);
  });

  it('begin with the threshold that was passed last, and do not come back to earlier ones', () => {
    const first = due({}, now + 15 * day);
    assert.equal(first?.threshold, 7);
    assert.equal(due(afterReminder({}, first), now + 15 * day), undefined);
  });

  it('do not come from birth for a certificate that lives for weeks only', () => {
    const short = { ...soon, notBefore: iso(-10) };
    const at = (days: number) => dueReminder([short], { days: 30, urgentDays: 7 }, {}, now + days * day)?.threshold;
    // It lives 30 days, 20 of them to come.
    assert.deepEqual([at(0), at(4.9)], [undefined, undefined]);
    assert.deepEqual([at(5.1), at(12.9)], [30, 30]);
    assert.deepEqual([at(13.1), at(20)], [7, 0]);
    const thresholds = { days: 30, urgentDays: 7, percent: 90 };
    assert.equal(wantsAction(short, thresholds, now), false);
    assert.equal(wantsAction(short, thresholds, now + 6 * day), true);
    assert.equal(wantsAction(soon, thresholds, now), true);
  });

  it('never come again for a certificate that was declined', () => {
    const first = due({});
    assert.ok(first !== undefined);
    const never = afterReminder({}, first, 'never');
    assert.equal(due(never, now + 19 * day), undefined);
    // The next certificate of the same app is another one.
    assert.equal(
      dueReminder([{ ...soon, thumbprintSha256: 'C' }], { days: 30, urgentDays: 7 }, never, now)?.certificate
        .thumbprintSha256,
      'C',
    );
  });
});

describe('the problem matcher', () => {
  it('reads what the check prints', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
      contributes: {
        problemMatchers: { severity: string; pattern: { regexp: string; file: number; code: number }[] }[];
      };
    };
    const [pattern] = manifest.contributes.problemMatchers[0]?.pattern ?? [];
    assert.ok(pattern !== undefined);
    const finding = { code: 'key-is-ec', severity: 'error', message: 'Bad: [very] bad.', line: 7 } as const;
    const apps = [{ file: '/w/src/auth [a]:b.js', line: 3, credential: 'certificate', findings: [finding] }] as const;
    const lines = asText({ apps, problems: [{ code: 'no-app-config', message: 'None.' }] }, '/w').split('\n');
    const matches = lines.flatMap((line) => new RegExp(pattern.regexp).exec(line) ?? []);
    assert.deepEqual(matches.slice(1), ['src/auth [a]:b.js', '7', 'error', 'Bad: [very] bad.', 'key-is-ec']);
    // VS Code knows the words error, warning and info; for "information" the matcher's own severity counts, else that would be Error.
    assert.equal(manifest.contributes.problemMatchers[0]?.severity, 'info');
  });
});

describe('the certificates that are in use', () => {
  const use = (file: string, days: number, thumbprintSha256 = file) => ({
    config: file,
    thumbprintSha256,
    notAfter: iso(days),
  });

  it('are remembered by config, and only written when they change', () => {
    const seen = [use('a', 10), use('b', 20)];
    assert.equal(seenAfter(seen, 'a', [use('a', 10)]), undefined);
    assert.equal(seenAfter(seen, 'c', []), undefined);
    assert.deepEqual(seenAfter(seen, 'a', [use('a', 365, 'new')]), [use('b', 20), use('a', 365, 'new')]);
    assert.deepEqual(seenAfter(seen, 'b', []), [use('a', 10)]);
  });

  it('are read again where they are about to end, and nowhere else', async () => {
    const noted = [use('ending', 10), use('replaced', 10), use('deleted', 10), use('broken', 10), use('fresh', 300)];
    const read: string[] = [];
    const found = await certificatesNow(noted, { days: 30, urgentDays: 7, percent: 90 }, now, (file) => {
      read.push(file);
      const answers = {
        ending: [use('ending', 10)],
        replaced: [use('replaced', 365, 'new')],
        deleted: 'gone',
      } as const;
      return Promise.resolve(answers[file as keyof typeof answers]);
    });
    assert.deepEqual(read, ['ending', 'replaced', 'deleted', 'broken']);
    assert.deepEqual(found, [use('ending', 10), use('replaced', 365, 'new'), use('broken', 10), use('fresh', 300)]);
  });
});
