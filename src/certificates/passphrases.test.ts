import assert from 'node:assert/strict';
import { generatePassphrase } from './passphrases.ts';

describe('a generated pass phrase', () => {
  it('has 24 characters that need no quoting anywhere, and is never the same', () => {
    const made = Array.from({ length: 200 }, generatePassphrase);
    for (const passphrase of made) assert.match(passphrase, /^[A-Za-z0-9]{24}$/);
    assert.equal(new Set(made).size, made.length);
  });

  it('uses every character equally often', () => {
    const counts = new Map<string, number>();
    const text = Array.from({ length: 5000 }, generatePassphrase).join('');
    for (const character of text.split('')) counts.set(character, (counts.get(character) ?? 0) + 1);
    assert.equal(counts.size, 62);
    // 61 degrees of freedom: above 150 once in 10^9 runs; a plain modulo of a byte gives about 1,000.
    const expected = text.length / 62;
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    assert.ok(chiSquare < 150, `chi square ${chiSquare}`);
  });
});
