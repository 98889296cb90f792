import assert from 'node:assert/strict';
import { openCertificate, openCredential } from './credential.ts';
import { inspect } from './inspect.ts';
import { family, made, openssl, read, rejection, write } from './testing/files.ts';

describe('a file of another kind', function () {
  this.timeout(120_000);
  before(() => family());

  it('DER certificate, as .cer and .crt often are', async () => {
    const { app } = family();
    for (const bytes of [app.der, Buffer.concat([app.der, Buffer.from('\n')])]) {
      const description = await inspect(bytes);
      assert.deepEqual(
        [description.kind, description.thumbprintSha256, description.hasPrivateKey],
        ['certificate', app.sha256, false],
      );
      assert.deepEqual(Buffer.from((await openCertificate(bytes)).certificateDer), app.der);
    }
  });

  it('DER keys: PKCS#8, PKCS#1, encrypted', async () => {
    const keys: [Buffer, string?][] = [
      [made('k.der', 'pkcs8', '-topk8', '-nocrypt', '-in', 'app.key', '-outform', 'DER')],
      [made('k.der', 'rsa', '-traditional', '-in', 'app.key', '-outform', 'DER')],
      [made('k.der', 'pkcs8', '-topk8', '-in', 'app.key', '-outform', 'DER', '-passout', 'pass:x'), 'x'],
      [made('k.der', 'pkcs8', '-topk8', '-scrypt', '-in', 'app.key', '-outform', 'DER', '-passout', 'pass:x'), 'x'],
    ];
    for (const [bytes, password] of keys) {
      const options = password === undefined ? {} : { password };
      assert.deepEqual(
        [(await inspect(bytes, options)).kind, (await inspect(bytes, options)).keySize],
        ['privateKey', 2048],
      );
      const opened = await openCredential(read('app.pem'), {}, { bytes, ...options });
      assert.deepEqual(Buffer.from(opened.privateKeyPkcs8), family().app.pkcs8);
    }
  });

  for (const form of ['DER', 'PEM']) {
    it(`PKCS#7 (.p7b) in ${form} with its chain in any order`, async () => {
      const { app, issuing, root } = family();
      const files = ['root.pem', 'app.pem', 'issuing.pem'].flatMap((name) => ['-certfile', name]);
      const bytes = made('chain.p7b', 'crl2pkcs7', '-nocrl', ...files, '-outform', form);
      const description = await inspect(bytes);
      assert.deepEqual([description.kind, description.thumbprintSha256], ['pkcs7', app.sha256]);
      assert.deepEqual(
        description.chain.map((facts) => facts.thumbprintSha256),
        [issuing.sha256, root.sha256],
      );
      const opened = await openCredential(bytes, {}, { bytes: read('app.key') });
      assert.deepEqual(Buffer.from(opened.certificateDer), app.der);
    });
  }

  it('Key Vault secret: base64 PFX with an empty password, also as JSON and in lines', async () => {
    const bytes = made('kv.pfx', 'pkcs12', '-export', '-inkey', 'app.key', '-in', 'app.pem', '-passout', 'pass:');
    const base64 = bytes.toString('base64');
    for (const content of [
      base64,
      `${base64}\n`,
      `"${base64}"`,
      base64.replace(/.{76}/g, '$&\r\n'),
      bytes.toString('base64url'),
      JSON.stringify({ contentType: 'application/x-pkcs12', value: base64 }, null, 2),
      `\ufeff${base64}`,
    ]) {
      const opened = await openCredential(Buffer.from(content));
      assert.equal(opened.description.kind, 'keyVaultSecret');
      assert.deepEqual(Buffer.from(opened.privateKeyPkcs8), family().app.pkcs8);
    }
  });

  it('Key Vault secret: PEM with key and certificate', async () => {
    const bytes = Buffer.concat([read('app.key'), read('app.pem'), read('issuing.pem')]);
    assert.equal((await openCredential(bytes)).description.kind, 'pem');
  });

  it('certificate as base64 without lines around it', async () => {
    const description = await inspect(Buffer.from(family().app.der.toString('base64')));
    assert.equal(description.thumbprintSha256, family().app.sha256);
  });

  const lookAlikes: [string, () => string | Uint8Array, RegExp][] = [
    ['html', () => '<!DOCTYPE html>\n<html><body>Sign in</body></html>', /web page/],
    ['xml', () => '<?xml version="1.0"?><a/>', /XML/],
    ['json', () => '{"kid": "https://vault/certificates/app/1", "cer": 7}', /JSON/],
    ['request', () => made('a.csr', 'req', '-new', '-key', 'app.key', '-subj', '/CN=a'), /signing request/],
    [
      'request',
      () => made('a.csr', 'req', '-new', '-key', 'app.key', '-subj', '/CN=a', '-outform', 'DER'),
      /signing request/,
    ],
    ['publicKey', () => openssl('pkey', '-in', 'app.key', '-pubout'), /bare public key/],
    ['publicKey', () => openssl('pkey', '-in', 'app.key', '-pubout', '-outform', 'DER'), /bare public key/],
    ['sshPublicKey', () => 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ me@here', /SSH public key/],
    ['sshPublicKey', () => 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 me@here', /SSH public key/],
    ['putty', () => 'PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n', /PuTTYgen/],
    [
      'pgp',
      () => '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBF\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n',
      /OpenPGP/,
    ],
    ['zip', () => Buffer.from('504b0304140000000800', 'hex'), /ZIP/],
    ['gitLfs', () => 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n', /git lfs pull/],
    ['path', () => './certs/app.pfx\n', /path of a certificate file/],
    ['revocationList', () => '-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n', /revocation list/],
    ['unknown', () => 'hello world, this is no certificate', /not a certificate or key file/],
    ['unknown', () => Buffer.from([0, 1, 2, 3, 250, 251]), /not a certificate or key file/],
    ['unknown', () => '0', /not a certificate or key file/],
  ];
  for (const [looksLike, content, words] of lookAlikes) {
    it(`that looks like ${looksLike} is explained`, async () => {
      const { code, message, data } = await rejection(inspect(write('look.alike', content())));
      assert.deepEqual([code, data], ['not-a-certificate-file', { looksLike }]);
      assert.match(message, words);
    });
  }

  it('that is empty says so', async () => {
    for (const content of ['', '\n \r\n', '\ufeff']) {
      assert.equal((await rejection(inspect(Buffer.from(content)))).code, 'empty-file');
    }
  });
});
