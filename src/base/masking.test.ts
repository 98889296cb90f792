import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { createMasker, mask } from './masking.ts';

describe('masking', () => {
  it('takes out a secret in every form it travels in', () => {
    const secret = 'pa~ss "w&rd"/é+=';
    const masker = createMasker();
    masker.add(secret);
    const forms = [
      secret,
      encodeURIComponent(secret),
      new URLSearchParams({ client: secret }).toString(),
      Buffer.from(secret).toString('base64'),
      Buffer.from(secret).toString('base64url'),
      JSON.stringify({ secret }),
    ];
    for (const form of forms) {
      const masked = masker.text(`before ${form} after`);
      assert.ok(masked.startsWith('before '), masked);
      assert.ok(masked.endsWith(' after'), masked);
      assert.ok(masked.includes(mask), masked);
      assert.ok(!masked.includes('w&rd') && !masked.includes('ss+%22'), masked);
    }
  });

  it('lets no announced secret through, whatever it is', () => {
    const secret = fc
      .string({ minLength: 4, maxLength: 40, unit: 'grapheme' })
      .filter((s) => !mask.includes(s) && s.trim() !== '');
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
        const masker = createMasker();
        masker.add(value);
        const masked = masker.text(`${before}\n${value}\n${after}`);
        assert.ok(!masked.includes(value) || mask.includes(value));
      }),
    );
  });

  it('leaves text whole when a secret is nothing but white space', () => {
    const masker = createMasker();
    masker.add(' ', '\t\n', '     ');
    const message = 'There is no file /a b.\n     Check\tthe path.';
    assert.equal(masker.text(message), message);
  });

  it('masks the longer of two secrets whole, whichever was announced first', () => {
    const masker = createMasker();
    masker.add('secret', 'secret-long-one');
    assert.equal(masker.text('a secret-long-one b secret'), `a ${mask} b ${mask}`);
  });

  it('masks very short secrets only where they stand alone', () => {
    const masker = createMasker();
    masker.add('abc', '');
    assert.equal(masker.text('abc abcd "abc"'), `${mask} abcd "${mask}"`);
  });

  it('takes out what nobody announced: keys, tokens, form fields', () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const body = privateKey.split('\n')[1] ?? '';
    const masker = createMasker();
    for (const text of [privateKey, JSON.stringify(privateKey), privateKey.slice(0, 400)]) {
      assert.ok(!masker.text(`key: ${text}`).includes(body.slice(0, 20)));
    }
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${part({ alg: 'PS256' })}.${part({ sub: 'x' })}.c2lnbmF0dXJl`;
    assert.equal(masker.text(`got ${token}.`), `got ${mask}.`);
    assert.equal(masker.text('a=1&client_secret=Abc8Q~x&b=2'), `a=1&client_secret=${mask}&b=2`);
    assert.equal(masker.text('Authorization: Bearer opaque-token'), `Authorization: Bearer ${mask}`);
  });

  it('masks old encrypted keys beyond their headers', () => {
    const text = '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAABBBB\n';
    assert.ok(!createMasker().text(text).includes('AAAABBBB'));
  });

  it('leaves ordinary text, certificates and paths alone', () => {
    const text = 'C:\\app\\.env line 3: -----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE----- password is wrong';
    assert.equal(createMasker().text(text), text);
  });

  it('masks message and stack of an error in place and drops its cause', () => {
    const masker = createMasker();
    masker.add('hunter2!');
    const error = Object.assign(new Error('wrong: hunter2!', { cause: new Error('hunter2!') }), { code: 'x' });
    const same = masker.error(error);
    assert.equal(same, error);
    assert.equal(same.code, 'x');
    assert.equal(same.message, `wrong: ${mask}`);
    assert.ok(!(same.stack ?? '').includes('hunter2!'));
    assert.equal(same.cause, undefined);
  });

  it('is quick on long text without an END line', () => {
    const masker = createMasker();
    const started = performance.now();
    masker.text('-----BEGIN RSA PRIVATE KEY-----'.repeat(20_000));
    masker.text('eyJ'.repeat(200_000));
    assert.ok(performance.now() - started < 1_000);
  });
});
