import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tls from 'node:tls';
import { pkcs12 } from './pkcs12Writing.ts';
import { certificatePem } from './privateKeyPem.ts';
import { selfSigned } from './selfSigned.ts';
import { inFolder, isInstalled, run, succeed } from './testing/programs.ts';
import type { CredentialMaterial } from './types.ts';

const isBoringSsl = process.versions.boringssl !== undefined || process.versions.openssl === '0.0.0';

describe('a PFX file', function () {
  // Java starts slowly on a busy machine.
  this.timeout(120_000);

  let made: CredentialMaterial;
  let other: CredentialMaterial;
  before(async () => {
    made = await selfSigned({ subject: 'app' });
    other = await selfSigned({ subject: 'Issuing CA' });
  });

  for (const password of ['secret', '', ' a b ', 'é漢字', 'é漢字😀', '"$(x)\'\\', 'x'.repeat(300)]) {
    it(`opens in openssl and in TLS with its password, and gives back the same: ${JSON.stringify(password.slice(0, 12))}`, async () => {
      const pfx = await pkcs12({ ...made, chainDer: [other.certificateDer] }, password, 'fränd 漢');
      // BoringSSL knows no surrogate pairs (PKCS#12 says BMPString) and refuses emoji, whoever wrote the file.
      if (!isBoringSsl || !/[\ud800-\udfff]/.test(password)) {
        assert.doesNotThrow(() => tls.createSecureContext({ pfx: Buffer.from(pfx), passphrase: password }));
      }
      await inFolder(async (folder) => {
        const file = join(folder, 'app.pfx');
        writeFileSync(file, pfx);
        const open = (...args: string[]) =>
          run('openssl', ['pkcs12', '-in', file, '-passin', 'stdin', ...args], { input: `${password}\n` });
        const { stdout: key } = await open('-nocerts', '-nodes');
        const opened = createPrivateKey(key).export({ type: 'pkcs8', format: 'der' });
        assert.ok(opened.equals(made.privateKeyPkcs8));
        assert.ok((await open('-clcerts', '-nokeys')).stdout.includes(certificatePem(made.certificateDer)));
        assert.ok((await open('-cacerts', '-nokeys')).stdout.includes(certificatePem(other.certificateDer)));
        if (password === '') return;
        const wrong = await run('openssl', ['pkcs12', '-in', file, '-passin', 'pass:wrong', '-noout']);
        assert.match(wrong.stderr, /Mac verify error/);
      });
    });
  }

  it('uses the algorithms of today, the MAC as costly as the encryption', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'app.pfx');
      writeFileSync(file, await pkcs12(made, 'secret'));
      const { stderr } = await run('openssl', ['pkcs12', '-in', file, '-passin', 'pass:secret', '-info', '-noout']);
      assert.match(stderr, /MAC: sha256, Iteration 100000\n/);
      const encryption = stderr.match(
        /(Encrypted data|Shrouded Keybag): PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256/g,
      );
      assert.equal(encryption?.length, 2);
    });
  });

  it('pairs the key with its certificate and carries the friendly name', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'app.pfx');
      writeFileSync(file, await pkcs12({ ...made, chainDer: [other.certificateDer] }, 'secret', 'my app'));
      const text = await succeed('openssl', ['pkcs12', '-in', file, '-passin', 'pass:secret', '-nodes']);
      assert.equal(text.match(/friendlyName: my app\n/g)?.length, 2);
      const ids = [...text.matchAll(/localKeyID: ([0-9A-F ]+)/g)].map((match) => match[1]);
      assert.equal(ids.length, 2);
      assert.equal(new Set(ids).size, 1);
    });
  });

  (isInstalled('keytool', '-help') ? it : it.skip)('opens in Java', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'app.pfx');
      writeFileSync(file, await pkcs12(made, 'secret', 'my app'));
      const text = await succeed('keytool', ['-list', '-keystore', file, '-storepass', 'secret']);
      assert.match(text, /my app, .*PrivateKeyEntry/);
    });
  });

  it('never contains the key or the certificate in the clear', async () => {
    const pfx = Buffer.from(await pkcs12(made, 'secret'));
    assert.equal(pfx.indexOf(made.privateKeyPkcs8.subarray(100, 200)), -1);
    assert.equal(pfx.indexOf(made.certificateDer.subarray(100, 200)), -1);
  });
});
