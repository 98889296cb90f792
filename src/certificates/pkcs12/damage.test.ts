import assert from 'node:assert/strict';
import { openCredential, openPrivateKey } from '../credential.ts';
import { Oid } from '../oids.ts';
import { family, made, read, rejection } from '../testing/files.ts';
import { bag, certificateBag, pbmac1, pfx, plainSafe } from '../testing/pfx.ts';

const inputs = ['-inkey', 'app.key', '-in', 'app.pem', '-certfile', 'issuing.pem'];

/** The bytes with one bit changed. */
const flipped = (bytes: Uint8Array, at: number, bit = 4): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ bit;
  return copy;
};

describe('a damaged file is told from a wrong password', function () {
  this.timeout(120_000);
  before(() => family());

  for (const args of [[], ['-legacy'], ['-macalg', 'sha1', '-keypbe', 'AES-128-CBC']]) {
    it(`that has no password, as Key Vault writes it: ${args.join(' ')}`, async () => {
      const bytes = made('none.pfx', 'pkcs12', '-export', ...inputs, '-passout', 'pass:', ...args);
      for (let at = 30; at < bytes.length; at += 47) {
        for (const options of [{}, { password: '' }]) {
          const { code } = await rejection(openCredential(flipped(bytes, at), options));
          assert.match(code, /^(?:damaged-file|unsupported-encryption|iterations-too-many)$/, `byte ${at}`);
        }
      }
    });
  }

  it('that is not encrypted but has a check sum', async () => {
    const args = ['-keypbe', 'NONE', '-certpbe', 'NONE', '-passout', 'pass:x'];
    const bytes = made('plain.pfx', 'pkcs12', '-export', ...inputs, ...args);
    const key = bytes.indexOf(family().app.pkcs8.subarray(300, 340));
    for (const at of [key, key + 300, key + 500, key + 800]) {
      for (const password of ['x', 'other']) {
        assert.equal((await rejection(openCredential(flipped(bytes, at), { password }))).code, 'damaged-file');
      }
    }
    // In the check sum itself nothing contradicts itself, and nothing can be said for certain.
    const { code, message } = await rejection(openCredential(flipped(bytes, bytes.length - 40), { password: 'x' }));
    assert.equal(code, 'wrong-password');
    assert.doesNotMatch(message, /complete/);
    assert.equal((await rejection(openCredential(flipped(bytes, bytes.length - 40)))).code, 'password-required');
  });

  it('a wrong password of the file is one whatever the key’s own password opens', async () => {
    const inner = ['pkcs8', '-topk8', '-in', 'app.key', '-passout', 'pass:key', '-outform', 'DER'];
    const key = bag(Oid.shroudedKeyBag, made('inner.key', ...inner));
    const bytes = pfx([plainSafe(certificateBag(family().app.der), key)], (content) => pbmac1(content, 'store'));
    const { code } = await rejection(openCredential(bytes, { password: 'no', keyPassword: 'key' }));
    assert.equal(code, 'wrong-password');
  });

  const keys: [string, ...string[]][] = [
    ['PKCS#8', 'pkcs8', '-topk8', '-in', 'app.key', '-outform', 'DER'],
    ['PKCS#8 under 3DES', 'pkcs8', '-topk8', '-in', 'app.key', '-outform', 'DER', '-v2', 'des3'],
    ['traditional PEM', 'rsa', '-traditional', '-aes256', '-in', 'app.key'],
  ];
  for (const [title, ...args] of keys) {
    it(`that is an encrypted key: ${title}`, async () => {
      const file = made('damaged.key', ...args, '-passout', 'pass:k');
      const text = file.toString('latin1');
      const isPem = text.includes('-----BEGIN');
      const body = isPem ? Buffer.from(text.replace(/[\s\S]*DEK-Info.*\n\n|-----END[\s\S]*|\n/g, ''), 'base64') : file;
      const asFile = (bytes: Buffer): Buffer =>
        isPem
          ? Buffer.from(
              text.replace(/(DEK-Info.*\n\n)[\s\S]*(?=-----END)/, `$1${bytes.toString('base64')}\n`),
              'latin1',
            )
          : bytes;
      assert.deepEqual(Buffer.from(await openPrivateKey(asFile(body), { password: 'k' })), family().app.pkcs8);
      for (let at = body.length - 1; at > 250; at -= 41) {
        const damaged = asFile(flipped(body, at));
        assert.equal((await rejection(openPrivateKey(damaged, { password: 'k' }))).code, 'damaged-file', `byte ${at}`);
        assert.equal((await rejection(openPrivateKey(damaged, { password: 'wrong' }))).code, 'wrong-password');
      }
      if (isPem) {
        // Where the damage is at the very beginning, nothing tells the two from each other: both are named.
        const { code, message } = await rejection(openPrivateKey(asFile(flipped(body, 0)), { password: 'k' }));
        assert.equal(code, 'wrong-password');
        assert.match(message, /damage/);
      }
      assert.match(
        (await rejection(openPrivateKey(file, { password: 'wrong' }))).message,
        /Most likely the pass phrase/,
      );
    });
  }

  it('that is the key beside a certificate', async () => {
    const file = made('beside.key', 'pkcs8', '-topk8', '-in', 'app.key', '-outform', 'DER', '-passout', 'pass:k');
    const key = { bytes: flipped(file, file.length - 100), password: 'k' };
    assert.equal((await rejection(openCredential(read('app.pem'), {}, key))).code, 'damaged-file');
  });
});
