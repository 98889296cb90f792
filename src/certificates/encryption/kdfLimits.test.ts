import assert from 'node:assert/strict';
import type { Kdf } from './kdf.ts';
import { derive, passwordForms } from './kdf.ts';
import { KdfBudget } from './kdfLimits.ts';
import { computing } from '../../../test/host/computing.ts';

const salt = Buffer.alloc(8);
const pkcs12 = (hash: string, iterations: number, blocks = 1): Kdf => ({
  kind: 'pkcs12',
  hash,
  salt,
  iterations,
  blocks,
});
const pbkdf2 = (hash: string, iterations: number, blocks = 1): Kdf => ({
  kind: 'pbkdf2',
  hash,
  salt,
  iterations,
  blocks,
});

describe('the limit of what a file may ask for', function () {
  this.timeout(120_000);

  const real: [string, Kdf[]][] = [
    ['Firefox, 3DES', [pkcs12('sha1', 600_000), pkcs12('sha1', 600_000, 2), pkcs12('sha1', 600_000, 3)]],
    ['Firefox, AES', [pkcs12('sha256', 600_000), pbkdf2('sha1', 600_000, 2), pbkdf2('sha1', 600_000, 2)]],
    ['openssl -iter 600000', [pkcs12('sha256', 600_000), pbkdf2('sha256', 600_000), pbkdf2('sha256', 600_000)]],
    ['PBMAC1 and PBES2', [pbkdf2('sha512', 600_000), pbkdf2('sha512', 600_000), pbkdf2('sha512', 600_000)]],
    ['openssl pkcs8 -scrypt, with 2^18', [{ kind: 'scrypt', salt, cost: 2 ** 18, blockSize: 8, parallelization: 1 }]],
  ];
  for (const [title, derivations] of real) {
    it(`lets real files pass: ${title}`, () => {
      const budget = new KdfBudget();
      for (const kdf of derivations) budget.spend(kdf);
    });
  }

  const heavy: [string, (iterations: number) => Kdf][] = [
    ...['sha1', 'sha256', 'sha512'].map((hash): [string, (iterations: number) => Kdf] => [
      `PBKDF2 ${hash}`,
      (iterations) => pbkdf2(hash, iterations),
    ]),
    ...['sha1', 'sha256', 'sha512'].map((hash): [string, (iterations: number) => Kdf] => [
      `PKCS#12 ${hash}`,
      (iterations) => pkcs12(hash, iterations),
    ]),
    ['scrypt', (iterations) => ({ kind: 'scrypt', salt, cost: 16, blockSize: 8, parallelization: iterations >> 7 })],
  ];
  for (const [title, kdf] of heavy) {
    it(`ends what it lets pass in time: ${title}`, async () => {
      let most = 1 << 7;
      while (new KdfBudget().afford(kdf(most * 1.2))) most = Math.floor(most * 1.2);
      const [form] = passwordForms('x');
      const spent = computing();
      // A fifth of it: the test is about the weights, not about this machine's patience.
      await derive(kdf(Math.ceil(most / 5)), form, 16, 'key');
      const whole = spent() * 5;
      assert.ok(whole < 4000, `${whole.toFixed(0)} ms of computing`);
    });
  }
});
