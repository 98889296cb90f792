import assert from 'node:assert/strict';
import type { ReplacedBefore } from '../../setup/index.ts';
import { graceEnd, isRegisteredAs, namedAmong, namedForRemoval } from './oldCertificates.ts';

describe('the old certificate that is to go', () => {
  const day = 86_400_000;
  const now = 100 * day;
  const [first, second] = ['A'.repeat(64), 'B'.repeat(64)];
  const replaced: ReplacedBefore[] = [
    { old: { thumbprintSha256: first, thumbprintSha1: 'A'.repeat(40) }, by: second, provenAt: now - 8 * day },
    { old: { thumbprintSha256: second }, by: 'C'.repeat(64), provenAt: now - day },
  ];

  it('is named by either thumbprint where nobody confirms it', () => {
    for (const thumbprint of [first, first.toLowerCase(), 'a'.repeat(40), first.match(/../g)?.join(':') ?? ''])
      assert.equal(namedForRemoval(replaced, thumbprint, 7, now), replaced[0]);
    for (const none of [undefined, ''])
      assert.throws(() => namedForRemoval(replaced, none, 7, now), { code: 'thumbprint-required' });
    assert.throws(() => namedForRemoval(replaced, 'C'.repeat(64), 7, now), { code: 'not-an-old-certificate' });
    assert.equal(namedAmong(replaced, second), replaced[1]);
  });

  it('does not go unattended before its days of grace are over', () => {
    assert.throws(() => namedForRemoval(replaced, second, 7, now), { code: 'grace-period', message: /1970-04-17/ });
    assert.equal(namedForRemoval(replaced, second, 1, now), replaced[1]);
    const unproven = { old: { thumbprintSha256: first }, by: second };
    assert.throws(() => namedForRemoval([unproven], first, 7, now), { code: 'grace-period' });
    assert.equal(graceEnd(unproven, 0, now), undefined);
  });

  it('is found in the registration by SHA-256 where both have it', () => {
    const one = { old: { thumbprintSha256: first, thumbprintSha1: 'D'.repeat(40) } };
    const registered = { keyId: 'k', type: 'AsymmetricX509Cert', usage: 'Verify', thumbprintSha1: 'D'.repeat(40) };
    assert.ok(isRegisteredAs({ ...registered, thumbprintSha256: first }, one));
    assert.ok(!isRegisteredAs({ ...registered, thumbprintSha256: second }, one));
    assert.ok(isRegisteredAs(registered, one));
  });
});
