import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificatePem, privateKeyPem } from './privateKeyPem.ts';
import { inFolder, run, succeed } from './testing/programs.ts';

describe('a private key as PEM', function () {
  this.timeout(120_000);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });

  it('without a pass phrase is plain PKCS#8', async () => {
    const pem = await privateKeyPem(pkcs8);
    assert.equal(pem, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  });

  for (const passphrase of ['secret', ' a b ', 'é漢字😀', '"$(x)\'\\', 'x'.repeat(300)]) {
    it(`opens with its pass phrase, here and in openssl: ${passphrase.slice(0, 12)}`, async () => {
      const pem = await privateKeyPem(pkcs8, passphrase);
      assert.match(
        pem,
        /^-----BEGIN ENCRYPTED PRIVATE KEY-----\n(?:[\w+/=]{1,64}\n)+-----END ENCRYPTED PRIVATE KEY-----\n$/,
      );
      const opened = createPrivateKey({ key: pem, passphrase });
      assert.deepEqual(opened.export({ type: 'pkcs8', format: 'der' }), pkcs8);
      await inFolder(async (folder) => {
        const file = join(folder, 'app.key');
        writeFileSync(file, pem);
        const args = ['pkey', '-in', file, '-passin', 'stdin'];
        assert.equal(await succeed('openssl', args, { input: `${passphrase}\n` }), await privateKeyPem(pkcs8));
        assert.notEqual((await run('openssl', args, { input: 'wrong\n' })).exitCode, 0);
      });
    });
  }

  it('is encrypted with AES-256-CBC after 600,000 rounds over a 16-byte salt, new each time', async () => {
    await inFolder(async (folder) => {
      const salts = [];
      for (const name of ['a.key', 'b.key']) {
        const file = join(folder, name);
        writeFileSync(file, await privateKeyPem(pkcs8, 'secret'));
        const structure = await succeed('openssl', ['asn1parse', '-in', file]);
        assert.match(structure, /PBES2[^]*PBKDF2[^]*INTEGER +:0927C0[^]*hmacWithSHA256[^]*aes-256-cbc/);
        salts.push(/\[HEX DUMP\]:([0-9A-F]{32})\n/.exec(structure)?.[1]);
      }
      assert.ok(salts[0] !== undefined && salts[0] !== salts[1]);
    });
  });

  it('under an empty pass phrase is refused', async () => {
    await assert.rejects(privateKeyPem(pkcs8, ''), { code: 'passphrase-empty' });
  });
});

describe('a certificate as PEM', () => {
  it('has lines of 64 columns and a final newline', () => {
    assert.equal(
      certificatePem(Buffer.alloc(49, 0xff)),
      `-----BEGIN CERTIFICATE-----\n${'/'.repeat(64)}\n/w==\n-----END CERTIFICATE-----\n`,
    );
  });
});
