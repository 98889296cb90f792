import assert from 'node:assert/strict';
import { openCertificate, openCredential, openPrivateKey, openPublic } from './credential.ts';
import { inspect } from './inspect.ts';
import { family, made, openssl, pair, read, rejection, write, type Pair } from './testing/files.ts';
import type { OpenOptions } from './types.ts';

const joined = (...names: string[]): Buffer => Buffer.concat(names.map((name) => read(name)));
const day = 24 * 60 * 60 * 1000;

describe('opening a credential', function () {
  this.timeout(120_000);
  before(() => family());

  const codes = async (bytes: Uint8Array, now?: number, thresholds?: OpenOptions['thresholds']): Promise<string[]> =>
    (
      await inspect(bytes, {
        ...(now === undefined ? {} : { now }),
        ...(thresholds === undefined ? {} : { thresholds }),
      })
    ).problems.map(({ code }) => code);

  const refusals: [string, string, string, string[], string[]?][] = [
    ['key-is-ec', 'EC', 'ec', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384']],
    ['key-is-not-rsa', 'Ed25519', 'ed25519', ['-algorithm', 'ed25519']],
    ['key-is-not-rsa', 'Ed448', 'ed448', ['-algorithm', 'ed448']],
    ['key-is-not-rsa', 'RSA-PSS', 'pss', ['-algorithm', 'RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:2048']],
    ['key-too-short', 'RSA', 'short', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024']],
    ['sha1-signature', 'RSA', 'sha1', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'], ['-sha1']],
  ];
  for (const [code, algorithm, name, genpkey, extra = []] of refusals) {
    it(`describes and refuses ${name}: ${code}`, async () => {
      pair(name, { algorithm: genpkey, extra });
      for (const bytes of [
        joined(`${name}.pem`, `${name}.key`),
        made(`${name}.pfx`, 'pkcs12', '-export', '-inkey', `${name}.key`, '-in', `${name}.pem`, '-passout', 'pass:'),
      ]) {
        const description = await inspect(bytes);
        assert.deepEqual([description.subject, description.keyAlgorithm], [`CN=${name}`, algorithm]);
        assert.equal(description.problems.find((problem) => problem.severity === 'error')?.code, code);
        const refusal = await rejection(openCredential(bytes));
        assert.equal(refusal.code, code);
        assert.match(refusal.message, /Make or order/);
      }
      // A certificate alone is refused for its key as well, not for the missing one.
      assert.equal((await rejection(openCredential(read(`${name}.pem`)))).code, code);
      assert.equal((await rejection(openPublic(read(`${name}.pem`)))).code, code);
      assert.equal((await openPrivateKey(read(`${name}.key`))).length > 40, true);
    });
  }

  it('tells whether an EC key belongs to its certificate', async () => {
    const algorithm = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    pair('ec1', { algorithm });
    pair('ec2', { algorithm });
    assert.equal((await inspect(joined('ec1.pem', 'ec1.key'))).keyMatches, true);
    assert.equal((await inspect(joined('ec1.pem', 'ec2.key'))).keyMatches, false);
  });

  it('sizes: the curve’s and the modulus’', async () => {
    pair('ec521', { algorithm: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-521'] });
    pair('rsa3072', { algorithm: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072'] });
    assert.equal((await inspect(read('ec521.pem'))).keySize, 521);
    for (const [curve, size] of [
      ['brainpoolP160r1', 160],
      ['brainpoolP224t1', 224],
      ['brainpoolP320r1', 320],
      ['brainpoolP512t1', 512],
    ] as const) {
      openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${curve}`, '-out', 'curve.key');
      assert.equal((await inspect(read('curve.key'))).keySize, size);
    }
    assert.equal((await inspect(read('ec521.key'))).keySize, 521);
    assert.equal((await inspect(read('rsa3072.pem'))).keySize, 3072);
  });

  it('takes certificate and key from two files', async () => {
    const { app } = family();
    const key = { bytes: made('two.key', 'pkcs8', '-topk8', '-in', 'app.key', '-passout', 'pass:k'), password: 'k' };
    const credential = await openCredential(read('app.der'), {}, key);
    assert.deepEqual(Buffer.from(credential.privateKeyPkcs8), app.pkcs8);
    assert.equal(
      (await openCredential(read('app.key'), {}, { bytes: read('app.pem') }).catch((e: unknown) => e)) instanceof Error,
      true,
    );
    const wrong = { ...key, password: 'no' };
    assert.equal((await rejection(openCredential(read('app.pem'), {}, wrong))).code, 'wrong-password');
    assert.equal(
      (await rejection(openCredential(read('app.pem'), {}, { bytes: key.bytes }))).code,
      'password-required',
    );
  });

  it('refuses a key that belongs to another certificate', async () => {
    pair('stranger');
    assert.equal((await rejection(openCredential(joined('app.pem', 'stranger.key')))).code, 'key-does-not-match');
    assert.deepEqual(await codes(joined('app.pem', 'stranger.key')), ['key-does-not-match']);
    const { code } = await rejection(openCredential(read('app.pem'), {}, { bytes: read('stranger.key') }));
    assert.equal(code, 'key-does-not-match');
  });

  it('refuses a private key that is damaged inside, though its public part fits', async () => {
    const { app } = family();
    // OpenSSL signs correctly with a key whose private exponent or whose primes are damaged, as long as the other half is whole.
    for (let at = 300; at < app.pkcs8.length; at += 61) {
      const pkcs8 = Buffer.from(app.pkcs8);
      pkcs8[at] = (pkcs8[at] ?? 0) ^ 0x40;
      const { code } = await rejection(openCredential(read('app.pem'), {}, { bytes: pkcs8 }));
      assert.equal(code, 'damaged-file', `byte ${at}`);
      assert.equal((await rejection(openPrivateKey(pkcs8))).code, 'damaged-file', `byte ${at}`);
    }
  });

  it('takes an RSA key of three primes, and refuses one that is damaged in the third', async () => {
    openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_primes:3', '-out', 'three.key');
    const pkcs8 = made('three.der', 'pkcs8', '-topk8', '-nocrypt', '-in', 'three.key', '-outform', 'DER');
    assert.deepEqual(Buffer.from(await openPrivateKey(pkcs8)), pkcs8);
    const at = pkcs8.length - 200;
    pkcs8[at] = (pkcs8[at] ?? 0) ^ 1;
    assert.equal((await rejection(openPrivateKey(pkcs8))).code, 'damaged-file');
  });

  it('names what is missing', async () => {
    assert.equal((await rejection(openCredential(read('app.pem')))).code, 'no-private-key');
    assert.equal((await rejection(openCredential(read('app.key')))).code, 'no-certificate');
    assert.equal((await rejection(openCertificate(read('app.key')))).code, 'no-certificate');
    assert.equal((await rejection(openPrivateKey(read('app.pem')))).code, 'no-private-key');
    assert.deepEqual(await codes(read('app.pem')), ['no-private-key']);
    assert.deepEqual(await codes(read('app.key')), ['no-certificate']);
  });

  describe('from a file with several', () => {
    let first: Pair;
    let second: Pair;
    let bytes: Buffer;
    before(() => {
      first = pair('first', { extra: ['-set_serial', '1'] });
      second = pair('second');
      bytes = joined('first.pem', 'second.key', 'root.pem', 'second.pem', 'first.key');
    });

    it('asks which, and says what there is to choose from', async () => {
      for (const open of [openCredential, openCertificate, openPrivateKey]) {
        const { code, data } = await rejection(open(bytes));
        assert.equal(code, 'several-certificates');
        const found = (data as { thumbprintSha256: string; subject: string }[]).map((one) => [
          one.subject,
          one.thumbprintSha256,
        ]);
        assert.deepEqual(found.sort(), [
          ['CN=first', first.sha256],
          ['CN=second', second.sha256],
        ]);
      }
      assert.equal((await codes(bytes)).includes('several-certificates'), true);
    });

    it('takes the one that is named, with its own key and no stranger in its chain', async () => {
      for (const one of [first, second]) {
        const opened = await openCredential(bytes, { thumbprintSha256: one.sha256 });
        assert.deepEqual(Buffer.from(opened.certificateDer), one.der);
        assert.deepEqual(Buffer.from(opened.privateKeyPkcs8), one.pkcs8);
        assert.deepEqual(opened.chainDer, []);
        assert.deepEqual(Buffer.from(await openPrivateKey(bytes, { thumbprintSha256: one.sha256 })), one.pkcs8);
      }
      const { code } = await rejection(openCredential(bytes, { thumbprintSha256: 'A'.repeat(64) }));
      assert.equal(code, 'no-certificate');
    });

    it('in a PFX does the same', async () => {
      write('several.pem', bytes);
      const certificates = openssl(
        'pkcs12',
        '-export',
        '-in',
        'several.pem',
        '-inkey',
        'second.key',
        '-passout',
        'pass:x',
      );
      const opened = await openCredential(certificates, { password: 'x' });
      assert.equal(opened.description.thumbprintSha256, second.sha256);
      assert.deepEqual(opened.chainDer, []);
    });

    it('asks too when a renewed certificate has the same key', async () => {
      const renewed = pair('renewed', { keyOf: 'first' });
      const both = joined('first.pem', 'first.key', 'renewed.pem');
      assert.equal((await rejection(openCredential(both))).code, 'several-certificates');
      const opened = await openCredential(both, { thumbprintSha256: renewed.sha256 });
      assert.deepEqual(Buffer.from(opened.certificateDer), renewed.der);
    });
  });

  it('tells by the clock it is given what has expired, will soon, or is not valid yet', async () => {
    const { notBefore = '', notAfter = '' } = await inspect(read('app.pem'));
    const bytes = joined('app.pem', 'app.key');
    assert.deepEqual(await codes(bytes, Date.parse(notAfter) + 1), ['expired']);
    assert.deepEqual(await codes(bytes, Date.parse(notAfter) - 29 * day), ['expires-soon']);
    assert.deepEqual(await codes(bytes, Date.parse(notAfter) - 40 * day), []);
    // Nine tenths of a year are over before that.
    assert.deepEqual(await codes(bytes, Date.parse(notAfter) - 31 * day), ['expires-soon']);
    assert.deepEqual(await codes(bytes, Date.parse(notAfter) - 31 * day, { days: 30, percent: 100 }), []);
    assert.deepEqual(await codes(bytes, Date.parse(notAfter) - 55 * day, { days: 60, percent: 100 }), ['expires-soon']);
    assert.deepEqual(await codes(bytes, Date.parse(notAfter) - 300 * day, { days: 3650, percent: 100 }), []);
    assert.deepEqual(await codes(bytes, Date.parse(notBefore) - 1), ['not-yet-valid']);
    // Dates are no reason to refuse: who opens it may be preparing.
    const opened = await openCredential(bytes, { now: Date.parse(notAfter) + 1 });
    assert.equal(opened.description.problems[0]?.code, 'expired');
  });

  it('hands out a description that holds no key and survives JSON', async () => {
    const { description, privateKeyPkcs8 } = await openCredential(joined('app.pem', 'app.key'));
    const json = JSON.stringify(description);
    assert.deepEqual(JSON.parse(json), description);
    assert.equal(json.includes(Buffer.from(privateKeyPkcs8).toString('base64').slice(40, 80)), false);
  });

  it('converts an RSA-PSS key of a plain RSA certificate to a plain one', async () => {
    openssl('genpkey', '-algorithm', 'RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', 'pss2.key');
    // The same numbers under the other algorithm: openssl rsa reads them out of the PKCS#8 wrapper.
    const inner = openssl(
      'asn1parse',
      '-in',
      'pss2.key',
      '-strparse',
      String(offsetOfKey()),
      '-noout',
      '-out',
      'inner.der',
    );
    assert.equal(inner.length, 0);
    openssl('rsa', '-inform', 'DER', '-in', 'inner.der', '-out', 'plain.key');
    openssl('req', '-x509', '-key', 'plain.key', '-subj', '/CN=plain', '-out', 'plain.pem');
    const opened = await openCredential(joined('plain.pem', 'pss2.key'));
    assert.equal(opened.description.keyMatches, true);
    const description = await inspect(Buffer.from(opened.privateKeyPkcs8));
    assert.equal(description.keyAlgorithm, 'RSA');
  });

  function offsetOfKey(): number {
    const line = openssl('asn1parse', '-in', 'pss2.key')
      .toString()
      .split('\n')
      .find((row) => row.includes('OCTET STRING'));
    return Number(line?.trim().split(':')[0]);
  }
});
