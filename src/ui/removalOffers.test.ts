import assert from 'node:assert/strict';
import { afterOffer, dueRemoval } from './removalOffers.ts';

const day = 86_400_000;

describe('the offer to remove the old certificate of a rotation', () => {
  const [first, second] = ['A', 'B'].map((thumbprintSha256) => ({
    config: `/${thumbprintSha256}.js`,
    provenAt: 0,
    thumbprintSha256,
  }));
  assert.ok(first && second);
  const due = (offered: Parameters<typeof dueRemoval>[2], days: number) =>
    dueRemoval([first, second], 7 * day, offered, days * day)?.thumbprintSha256;

  it('comes after the grace period', () => {
    assert.equal(due({}, 6.9), undefined);
    assert.equal(due({}, 7), 'A');
  });

  it('comes in one window a day, whatever was chosen, and never after an answer', () => {
    const offered = afterOffer({}, first, { at: 8 * day });
    assert.equal(due(offered, 8.5), 'B');
    assert.equal(due(afterOffer(offered, second, { at: 8 * day }), 8.5), undefined);
    assert.equal(due(offered, 9), 'A');
    const answered = afterOffer(offered, first, { answered: true });
    assert.equal(due(answered, 20), 'B');
  });
});
