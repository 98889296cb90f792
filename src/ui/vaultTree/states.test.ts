import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expiryText, needsAction, stateOf, stateText } from './states.ts';
import type { Stateful, Thresholds } from './states.ts';

const day = 86_400_000;
const now = Date.parse('2026-11-23T12:00:00Z');
const thresholds: Thresholds = { days: 30, urgentDays: 7, percent: 90 };
const year = (left: number, more: Partial<Stateful> = {}): Stateful => ({
  enabled: true,
  notBefore: now - (365 - left) * day,
  expires: now + left * day,
  ...more,
});
const state = (certificate: Stateful, by = thresholds) => stateOf(certificate, by, now);

describe('the state of a certificate', () => {
  it('follows the days that are left', () => {
    assert.equal(state(year(200)), 'valid');
    assert.equal(state(year(31), { ...thresholds, percent: 100 }), 'valid');
    assert.equal(state(year(30)), 'expiring');
    assert.equal(state(year(7)), 'urgent');
    assert.equal(state(year(0)), 'expired');
    assert.equal(state(year(-3)), 'expired');
  });

  it('follows the share of the lifetime', () => {
    assert.equal(state(year(36)), 'expiring');
    assert.equal(state(year(37)), 'valid');
    assert.equal(state(year(100), { ...thresholds, percent: 50 }), 'expiring');
    assert.equal(state(year(100), { ...thresholds, percent: 100 }), 'valid');
  });

  it('does not call a short-lived certificate expiring from its first day', () => {
    const short = (left: number): Stateful => ({
      enabled: true,
      notBefore: now - (20 - left) * day,
      expires: now + left * day,
    });
    assert.equal(state(short(19)), 'valid');
    assert.equal(state(short(10)), 'expiring');
    assert.equal(state(short(5)), 'urgent');
  });

  it('lets deleted, pending and disabled win over expiry, and these need no action', () => {
    const all = [
      year(-3, { enabled: false }),
      year(-3, { pending: true, creating: true }),
      year(-3, { pending: true }),
      year(-3, { deleted: {} }),
    ];
    assert.deepEqual(
      all.map((one) => state(one)),
      ['disabled', 'pending', 'unfinished', 'deleted'],
    );
    assert.ok(all.every((one) => !needsAction(state(one))));
  });

  it('is said in words', () => {
    const say = (certificate: Stateful) => stateText(certificate, state(certificate), now);
    assert.equal(say(year(12)), 'expires in 12 days');
    assert.equal(say(year(-3)), 'expired 3 days ago');
    assert.match(say(year(200)), /^valid until .*2027/);
    assert.equal(say(year(-3, { enabled: false })), 'disabled, expired 3 days ago');
    assert.equal(say({ enabled: false, pending: true, creating: true }), 'being created');
    assert.equal(say({ enabled: false, pending: true }), 'no certificate yet');
    assert.equal(say({ enabled: true }), 'no end of validity');
    assert.match(say({ enabled: true, notBefore: now + day }), /^valid from/);
    assert.match(say(year(3, { deleted: { scheduledPurge: now + 90 * day } })), /^deleted, gone for good on .*2027/);
    assert.equal(expiryText(now + 3_600_000 * 1.5, now), 'expires in 1 hour');
    assert.equal(expiryText(now + 3_600_000 * 47.5, now), 'expires in 47 hours');
    assert.equal(expiryText(now - 1, now), 'expired just now');
    assert.equal(expiryText(now + 1, now), 'expires within the hour');
  });

  it('only gets worse as time passes', () => {
    const order = ['notYetValid', 'valid', 'expiring', 'urgent', 'expired'];
    const certificate = fc.record({
      notBefore: fc.integer({ min: 0, max: 1e12 }),
      life: fc.integer({ min: 1, max: 1e11 }),
    });
    fc.assert(
      fc.property(certificate, fc.nat(2e12), fc.nat(1e11), fc.nat(100), ({ notBefore, life }, at, later, percent) => {
        const one: Stateful = { enabled: true, notBefore, expires: notBefore + life };
        const by = { ...thresholds, percent };
        const rank = (time: number) => order.indexOf(stateOf(one, by, time));
        // What is not valid yet may still be short-lived and count as expiring at once.
        assert.ok(rank(at) <= rank(at + later) || at < notBefore);
      }),
    );
  });
});
