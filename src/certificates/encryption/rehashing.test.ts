import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { rehashing } from './rehashing.ts';

describe('hashing a hash value again and again', () => {
  for (const hash of ['sha1', 'sha256']) {
    it(`gives what the crypto library gives: ${hash}`, () => {
      for (let i = 0; i < 50; i++) {
        const start = createHash(hash).update(randomBytes(20)).digest();
        const ours = rehashing(hash, start);
        assert.ok(ours !== undefined);
        assert.deepEqual(ours.value(), start);
        let wanted = start;
        for (const times of [1, 0, 2, 97]) {
          for (let n = 0; n < times; n++) wanted = createHash(hash).update(wanted).digest();
          ours.repeat(times);
          assert.deepEqual(ours.value(), wanted);
        }
      }
    });
  }

  it('is left to the library for other hashes', () => {
    assert.equal(rehashing('sha512', Buffer.alloc(64)), undefined);
  });
});
