import assert from 'node:assert/strict';
import { openCredential } from '../credential.ts';
import { children, readDer, Tag, writeDer } from '../der.ts';
import { hasHmac } from '../encryption/kdf.ts';
import { inspect } from '../inspect.ts';
import { Oid } from '../oids.ts';
import { family, keytool, made, missing, openssl, read, rejection, write } from '../testing/files.ts';
import { bag, certificateBag, pbmac1, pfx, plainSafe } from '../testing/pfx.ts';
import { X509Certificate } from 'node:crypto';

const inputs = ['-inkey', 'app.key', '-in', 'app.pem', '-certfile', 'issuers.pem', '-name', 'Schlüssel 漢字'];

/** Password, and arguments for `openssl pkcs12 -export`. */
type Variant = [title: string, password: string, ...args: string[]];

const passwords: Variant[] = [
  'x',
  'correct horse',
  'é',
  'Grüße',
  '漢字',
  'пароль',
  '🔑',
  'a🔑é漢',
  ' ',
  'x'.repeat(200),
  '',
].flatMap((password): Variant[] => {
  const shown = password.length > 20 ? '200 letters' : JSON.stringify(password);
  return [
    [`modern, password ${shown}`, password],
    [`3DES, password ${shown}`, password, '-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
  ];
});

const ciphers: Variant[] = [
  ...['AES-128-CBC', 'AES-192-CBC', 'AES-256-CBC', 'DES-EDE3-CBC'],
  ...['PBE-SHA1-3DES', 'PBE-SHA1-2DES'],
].map((cipher): Variant => [cipher, 'é', '-keypbe', cipher, '-certpbe', cipher]);

const legacy: Variant[] = [
  ['-legacy (RC2-40 and 3DES)', 'é', '-legacy'],
  ...['PBE-SHA1-RC2-40', 'PBE-SHA1-RC2-128', 'PBE-SHA1-RC4-40', 'PBE-SHA1-RC4-128', 'PBE-MD5-DES', 'PBE-SHA1-DES'].map(
    (cipher): Variant => [cipher, 'é', '-legacy', '-keypbe', cipher, '-certpbe', cipher],
  ),
  ['PBES2 with RC2', 'x', '-legacy', '-keypbe', 'RC2-CBC', '-certpbe', 'RC2-CBC'],
  ['PBES2 with RC2 of 40 bits', 'x', '-legacy', '-keypbe', 'RC2-40-CBC', '-certpbe', 'RC2-40-CBC'],
  ['PBES2 with DES', 'x', '-legacy', '-keypbe', 'DES-CBC', '-certpbe', 'DES-CBC'],
];

const macs: Variant[] = [
  ...['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'sha512-224', 'sha512-256'],
  ...['sha3-224', 'sha3-256', 'sha3-384', 'sha3-512', 'blake2b512', 'blake2s256', 'ripemd160', 'sm3'].filter(hasHmac),
].map((mac): Variant => [`MAC ${mac}`, 'é漢', '-macalg', mac]);

const others: Variant[] = [
  ['no MAC', 'é', '-nomac'],
  ['no MAC, legacy', 'é', '-nomac', '-legacy'],
  ['no encryption', 'é', '-keypbe', 'NONE', '-certpbe', 'NONE'],
  ['no encryption, no MAC', 'é', '-keypbe', 'NONE', '-certpbe', 'NONE', '-nomac'],
  ['certificates not encrypted', 'é', '-certpbe', 'NONE'],
  ['key not encrypted', 'é', '-keypbe', 'NONE'],
  ['one iteration', 'x', '-noiter', '-nomaciter'],
  ['100,000 iterations', 'x', '-iter', '100000'],
];

describe('a PKCS#12 file made by openssl', function () {
  this.timeout(120_000);
  before(() => {
    family();
    write('issuers.pem', Buffer.concat([read('root.pem'), read('issuing.pem')]));
  });

  for (const [title, password, ...args] of [...passwords, ...ciphers, ...legacy, ...macs, ...others]) {
    it(`opens: ${title}`, async () => {
      const { app, issuing, root } = family();
      const bytes = made('variant.pfx', 'pkcs12', '-export', ...inputs, '-passout', `pass:${password}`, ...args);
      const credential = await openCredential(bytes, { password });
      assert.deepEqual(Buffer.from(credential.certificateDer), app.der);
      assert.deepEqual(Buffer.from(credential.privateKeyPkcs8), app.pkcs8);
      assert.deepEqual(
        credential.chainDer.map((der) => Buffer.from(der)),
        [issuing.der, root.der],
      );
      const { kind, subject, friendlyName, keyMatches, chain } = credential.description;
      assert.deepEqual(
        { kind, subject, friendlyName, keyMatches, chain: chain.map((facts) => facts.subject) },
        {
          kind: 'pkcs12',
          subject: 'CN=app, O=Contoso, C=DE',
          friendlyName: 'Schlüssel 漢字',
          keyMatches: true,
          chain: ['O=Contoso, CN=Issuing CA', 'O=Contoso, CN=Root CA'],
        },
      );
    });
  }

  for (const [title, , ...args] of [...ciphers, ...legacy, ...macs]) {
    it(`with a wrong password says so: ${title}`, async () => {
      const bytes = made('wrong.pfx', 'pkcs12', '-export', ...inputs, '-passout', 'pass:right', ...args);
      assert.equal((await rejection(openCredential(bytes, { password: 'wrong' }))).code, 'wrong-password');
      assert.equal((await rejection(inspect(bytes))).code, 'password-required');
    });
  }

  for (const args of [[], ['-legacy'], ['-keypbe', 'PBE-SHA1-RC4-40', '-certpbe', 'PBE-SHA1-RC4-40', '-legacy']]) {
    it(`whose MAC is gone still opens, and still tells a wrong password: ${args.join(' ')}`, async () => {
      const bytes = made('mac.pfx', 'pkcs12', '-export', ...inputs, '-passout', 'pass:right', ...args);
      const [version, content] = children(readDer(bytes));
      const bare = writeDer(Tag.sequence, version?.bytes ?? bytes, content?.bytes ?? bytes);
      assert.equal((await openCredential(bare, { password: 'right' })).description.keyMatches, true);
      assert.equal((await rejection(openCredential(bare, { password: 'wrong' }))).code, 'wrong-password');
      assert.equal((await rejection(inspect(bare))).code, 'password-required');
    });
  }

  it('made with -nomac has readable certificates and a locked key', async () => {
    const bytes = made('nomac.pfx', 'pkcs12', '-export', ...inputs, '-passout', 'pass:right', '-nomac');
    const description = await inspect(bytes);
    assert.deepEqual([description.subject, description.keyEncrypted], ['CN=app, O=Contoso, C=DE', true]);
    assert.equal((await rejection(openCredential(bytes))).code, 'password-required');
    assert.equal((await rejection(openCredential(bytes, { password: 'wrong' }))).code, 'wrong-password');
  });

  it('without a password opens with an empty password, as Key Vault writes it', async () => {
    const bytes = made('empty.pfx', 'pkcs12', '-export', ...inputs, '-passout', 'pass:');
    assert.equal((await inspect(bytes)).subject, 'CN=app, O=Contoso, C=DE');
    assert.equal((await openCredential(bytes)).description.keyMatches, true);
  });

  it('with bytes after its end opens', async () => {
    const bytes = made('trailing.pfx', 'pkcs12', '-export', ...inputs, '-passout', 'pass:x');
    for (const trailing of [Buffer.alloc(8), Buffer.from('\r\n')]) {
      const { description } = await openCredential(Buffer.concat([bytes, trailing]), { password: 'x' });
      assert.equal(description.keyMatches, true);
    }
  });

  it('without a key is described', async () => {
    const bytes = made('certs.pfx', 'pkcs12', '-export', '-nokeys', '-in', 'app.pem', '-passout', 'pass:x');
    const description = await inspect(bytes, { password: 'x' });
    assert.equal(description.hasPrivateKey, false);
    assert.equal('keyMatches' in description, false);
    assert.equal((await rejection(openCredential(bytes, { password: 'x' }))).code, 'no-private-key');
  });

  it('without a certificate is described', async () => {
    const bytes = made('nocert.pfx', 'pkcs12', '-export', '-nocerts', '-inkey', 'app.key', '-passout', 'pass:x');
    const description = await inspect(bytes, { password: 'x' });
    assert.deepEqual([description.hasPrivateKey, description.keySize, description.subject], [true, 2048, undefined]);
    assert.equal((await rejection(openCredential(bytes, { password: 'x' }))).code, 'no-certificate');
  });

  it('that was altered after its password was set is told from a wrong password', async () => {
    const bytes = made('altered.pfx', 'pkcs12', '-export', ...inputs, '-passout', 'pass:x');
    // The last bytes before the MAC belong to the second safe, so that the first still decrypts.
    const altered = Buffer.from(bytes);
    const at = altered.length - 300;
    altered[at] = (altered[at] ?? 0) ^ 1;
    assert.equal((await rejection(openCredential(altered, { password: 'x' }))).code, 'damaged-file');
    assert.equal((await rejection(openCredential(altered, { password: 'y' }))).code, 'wrong-password');
  });

  it('cut short is damaged', async () => {
    const bytes = made('cut.pfx', 'pkcs12', '-export', ...inputs, '-passout', 'pass:x');
    for (const length of [3, 10, 100, bytes.length - 1]) {
      assert.equal((await rejection(inspect(bytes.subarray(0, length), { password: 'x' }))).code, 'damaged-file');
    }
  });

  it('with a cipher that nobody has any more names it and the way out', async () => {
    const bytes = made(
      ...(['cast.pfx', 'pkcs12', '-export', ...inputs, '-passout', 'pass:x', '-legacy'] as const),
      ...['-keypbe', 'CAST5-CBC', '-certpbe', 'CAST5-CBC'],
    );
    const { code, message } = await rejection(openCredential(bytes, { password: 'x' }));
    assert.equal(code, 'unsupported-encryption');
    assert.match(message, /CAST5-CBC/);
    assert.match(message, /openssl pkcs12 -legacy/);
  });
});

describe('a key store made by keytool', function () {
  this.timeout(120_000);
  before(function () {
    if (missing('keytool') !== undefined) this.skip();
    keytool(
      ...['-genkeypair', '-keystore', 'java.p12', '-storetype', 'PKCS12', '-storepass', 'storepass'],
      ...[
        '-alias',
        'app',
        '-keyalg',
        'RSA',
        '-keysize',
        '2048',
        '-dname',
        'CN=java app, O=Contoso',
        '-validity',
        '365',
      ],
    );
  });

  it('opens when it is PKCS#12', async () => {
    const { description } = await openCredential(read('java.p12'), { password: 'storepass' });
    assert.deepEqual([description.subject, description.friendlyName], ['CN=java app, O=Contoso', 'app']);
  });

  it('asks for the password of the key where that is another one', async () => {
    // Today's keytool takes one password for both; older ones, and Java programs, still make these.
    const bytes = twoPasswords();
    const description = await inspect(bytes, { password: 'storepass' });
    assert.deepEqual([description.hasPrivateKey, description.keyEncrypted], [true, true]);
    const { code, data } = await rejection(openCredential(bytes, { password: 'storepass' }));
    assert.deepEqual([code, data], ['password-required', { password: 'key' }]);
    const wrong = await rejection(openCredential(bytes, { password: 'storepass', keyPassword: 'no' }));
    assert.deepEqual([wrong.code, wrong.data], ['wrong-password', { password: 'key' }]);
    const opened = await openCredential(bytes, { password: 'storepass', keyPassword: 'keypass' });
    assert.equal(opened.description.keyMatches, true);
  });

  it('is explained when it is JKS', async () => {
    keytool(
      ...['-importkeystore', '-srckeystore', 'java.p12', '-srcstorepass', 'storepass'],
      ...['-destkeystore', 'java.jks', '-deststoretype', 'JKS', '-deststorepass', 'storepass'],
    );
    const { code, message, data } = await rejection(inspect(read('java.jks'), { password: 'storepass' }));
    assert.equal(code, 'not-a-certificate-file');
    assert.deepEqual(data, { looksLike: 'javaKeyStore' });
    assert.match(message, /keytool -importkeystore/);
  });

  /** A store whose key has a password of its own. */
  function twoPasswords(): Buffer {
    openssl('pkcs12', '-in', 'java.p12', '-passin', 'pass:storepass', '-nodes', '-out', 'java.pem');
    const inner = made(
      'inner.key',
      'pkcs8',
      '-topk8',
      '-in',
      'java.pem',
      '-passout',
      'pass:keypass',
      '-outform',
      'DER',
    );
    const certificate = certificateBag(new X509Certificate(read('java.pem')).raw);
    return pfx([plainSafe(certificate, bag(Oid.shroudedKeyBag, inner))], (content) => pbmac1(content, 'storepass'));
  }
});
