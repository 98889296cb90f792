import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { joinSigned } from './joining.ts';
import { privateKeyPem } from './privateKeyPem.ts';
import { csr } from './requests.ts';
import { selfSigned } from './selfSigned.ts';
import { succeed } from './testing/programs.ts';
import type { CsrMaterial } from './types.ts';

describe('joining a signed certificate to its key', () => {
  let folder: string;
  let request: CsrMaterial;
  let keyFile: Buffer;
  const file = (name: string) => join(folder, name);
  const read = (name: string) => readFileSync(file(name));

  /** A root and an issuing CA made by openssl, which sign the request as a real CA would. */
  before(async function () {
    this.timeout(120_000);
    folder = mkdtempSync(join(tmpdir(), 'joining-'));
    request = await csr({ subject: 'CN=app, O=Contoso' });
    keyFile = Buffer.from(await privateKeyPem(request.privateKeyPkcs8));
    writeFileSync(file('app.csr'), request.csrPem);
    const root = ['-subj', '/CN=Root', '-keyout', file('root.key'), '-out', file('root.crt')];
    await succeed('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...root]);
    const issuing = ['-subj', '/CN=Issuing', '-keyout', file('issuing.key'), '-out', file('issuing.csr')];
    await succeed('openssl', ['req', '-newkey', 'rsa:2048', '-nodes', ...issuing]);
    writeFileSync(file('ca.ext'), 'basicConstraints=critical,CA:TRUE\n');
    const sign = (name: string, ca: string, days: string, out: string, ...more: string[]) =>
      succeed('openssl', [
        'x509',
        '-req',
        '-in',
        file(name),
        '-CA',
        file(`${ca}.crt`),
        '-CAkey',
        file(`${ca}.key`),
        '-CAcreateserial',
        '-days',
        days,
        '-out',
        file(out),
        ...more,
      ]);
    await sign('issuing.csr', 'root', '900', 'issuing.crt', '-extfile', file('ca.ext'));
    await sign('app.csr', 'issuing', '90', 'app.crt', '-copy_extensions', 'copy');
    await sign('app.csr', 'issuing', '365', 'longer.crt', '-copy_extensions', 'copy');
    const all = ['root.crt', 'issuing.crt', 'app.crt'].map((name) => read(name).toString());
    writeFileSync(file('chain.pem'), all.join('\n'));
    await succeed('openssl', ['x509', '-in', file('app.crt'), '-outform', 'DER', '-out', file('app.cer')]);
    const p7 = ['crl2pkcs7', '-nocrl', '-certfile', file('chain.pem')];
    await succeed('openssl', [...p7, '-outform', 'DER', '-out', file('app.p7b')]);
    await succeed('openssl', [...p7, '-out', file('app-pem.p7b')]);
    writeFileSync(file('app.b64'), read('app.cer').toString('base64'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const answers: [name: string, chain: number][] = [
    ['app.crt', 0],
    ['app.cer', 0],
    ['app.b64', 0],
    ['chain.pem', 2],
    ['app.p7b', 2],
    ['app-pem.p7b', 2],
  ];
  for (const [name, chain] of answers) {
    it(`works for ${name}`, async () => {
      const joined = await joinSigned(read(name), keyFile);
      assert.deepEqual(Buffer.from(joined.certificateDer), read('app.cer'));
      assert.deepEqual(Buffer.from(joined.privateKeyPkcs8), Buffer.from(request.privateKeyPkcs8));
      const { description } = joined;
      assert.equal(description.subject, 'CN=app, O=Contoso');
      assert.equal(description.issuer, 'CN=Issuing');
      assert.deepEqual(description.extendedKeyUsage, ['clientAuth']);
      assert.deepEqual([description.hasPrivateKey, description.keyMatches], [true, true]);
      assert.deepEqual(description.problems, []);
      assert.deepEqual(
        description.chain.map((issuer) => issuer.subject),
        ['CN=Issuing', 'CN=Root'].slice(0, chain),
      );
      assert.equal(joined.chainDer.length, chain);
    });
  }

  it('takes the key encrypted, and as DER', async () => {
    const encrypted = Buffer.from(await privateKeyPem(request.privateKeyPkcs8, 'é漢字'));
    assert.equal((await joinSigned(read('app.crt'), encrypted, 'é漢字')).description.keyMatches, true);
    assert.equal((await joinSigned(read('app.crt'), request.privateKeyPkcs8)).description.keyMatches, true);
    await assert.rejects(joinSigned(read('app.crt'), encrypted, 'wrong'), { code: 'wrong-password' });
    await assert.rejects(joinSigned(read('app.crt'), encrypted), { code: 'password-required' });
  });

  it('takes the certificate that is valid longest where several fit the key', async () => {
    const both = Buffer.concat([read('app.crt'), read('longer.crt')]);
    const joined = await joinSigned(both, keyFile);
    assert.ok(joined.description.notAfter !== undefined);
    const days = (Date.parse(joined.description.notAfter) - Date.now()) / (24 * 60 * 60 * 1000);
    assert.ok(days > 300, `${days} days`);
  });

  it('says what is wrong when nothing fits', async () => {
    const other = await selfSigned({ subject: 'other' });
    await assert.rejects(joinSigned(read('app.crt'), other.privateKeyPkcs8), { code: 'key-does-not-match' });
    await assert.rejects(joinSigned(read('chain.pem'), other.privateKeyPkcs8), { code: 'key-does-not-match' });
    const strangers = Buffer.concat([read('app.crt'), Buffer.from('\n'), read('root.crt')]);
    await assert.rejects(joinSigned(strangers, other.privateKeyPkcs8), { code: 'key-does-not-match' });
    await assert.rejects(joinSigned(keyFile, keyFile), { code: 'no-certificate' });
    await assert.rejects(joinSigned(read('app.crt'), read('app.crt')), { code: 'no-private-key' });
  });

  it('tells that a request is not signed yet', async () => {
    await assert.rejects(joinSigned(Buffer.from(request.csrPem), keyFile), { code: 'not-signed-yet' });
    const der = Buffer.from(request.csrPem.replace(/-----.*-----|\s/g, ''), 'base64');
    await assert.rejects(joinSigned(der, keyFile), { code: 'not-signed-yet' });
  });

  it('refuses damaged answers', async () => {
    await assert.rejects(joinSigned(read('app.cer').subarray(0, 300), keyFile), { code: 'damaged-file' });
    await assert.rejects(joinSigned(new Uint8Array(), keyFile), { code: 'empty-file' });
  });
});
