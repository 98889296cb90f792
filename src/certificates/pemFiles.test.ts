import assert from 'node:assert/strict';
import { openCertificate, openCredential, openPrivateKey } from './credential.ts';
import { inspect } from './inspect.ts';
import { asPkcs8, family, made, openssl, pair, read, rejection, write } from './testing/files.ts';

/** BoringSSL, which bun has, has neither ARIA nor SM4. */
const isNode = process.versions.bun === undefined;

const text = (...names: string[]): string => names.map((name) => read(name).toString()).join('');

describe('a PEM file', function () {
  this.timeout(120_000);
  before(() => family());

  const opensAsApp = async (content: string | Uint8Array, password?: string): Promise<void> => {
    const { app } = family();
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    const credential = await openCredential(bytes, password === undefined ? {} : { password });
    assert.deepEqual(Buffer.from(credential.certificateDer), app.der);
    assert.deepEqual(Buffer.from(credential.privateKeyPkcs8), app.pkcs8);
  };

  const arrangements: [string, () => string][] = [
    ['key, certificate', () => text('app.key', 'app.pem')],
    ['certificate, key', () => text('app.pem', 'app.key')],
    ['whole chain, issuers first', () => text('root.pem', 'issuing.pem', 'app.pem', 'app.key')],
    ['key between certificates', () => text('issuing.pem', 'app.key', 'root.pem', 'app.pem')],
    ['the certificate twice', () => text('app.pem', 'app.key', 'app.pem')],
    ['PKCS#1 key', () => text('app.pem') + openssl('rsa', '-in', 'app.key', '-traditional').toString()],
    ['Bag Attributes', () => bagAttributes('-nodes')],
    ['leading text', () => `Subject: app\nDear colleague,\nhere it is:\n\n${text('app.pem', 'app.key')}\nRegards\n`],
    ['CRLF', () => text('app.pem', 'app.key').replaceAll('\n', '\r\n')],
    ['CR only', () => text('app.pem', 'app.key').replaceAll('\n', '\r')],
    ['BOM', () => `\ufeff${text('app.pem', 'app.key')}`],
    ['indented', () => text('app.pem', 'app.key').replace(/^/gm, '    ')],
    ['quoted like an e-mail', () => text('app.pem', 'app.key').replace(/^/gm, '> ')],
    ['line breaks as \\n', () => text('app.pem', 'app.key').replaceAll('\n', '\\n')],
    ['line breaks as \\r\\n', () => text('app.pem', 'app.key').replaceAll('\n', '\\r\\n')],
    ['quoted, line breaks as \\n', () => `PRIVATE_KEY="${text('app.pem', 'app.key').replaceAll('\n', '\\n')}"`],
    ['line breaks as blanks', () => text('app.pem', 'app.key').replaceAll('\n', ' ')],
    ['no line breaks', () => text('app.pem', 'app.key').replaceAll('\n', '')],
    ['source code', () => text('app.pem', 'app.key').replace(/^(.*)$/gm, "  '$1\\n' +")],
    ['long lines', () => text('app.pem', 'app.key').replace(/([A-Za-z0-9+/=])\n(?=[A-Za-z0-9+/=])/g, '$1')],
    ['text form of openssl x509', () => openssl('x509', '-in', 'app.pem', '-text').toString() + text('app.key')],
    ['trusted certificate', () => openssl('x509', '-in', 'app.pem', '-trustout').toString() + text('app.key')],
    ['as base64', () => Buffer.from(text('app.pem', 'app.key')).toString('base64')],
  ];
  for (const [title, content] of arrangements) it(`opens: ${title}`, () => opensAsApp(content()));

  for (const [title, encode] of [
    ['UTF-16 LE with BOM', (t: string) => Buffer.from(`\ufeff${t}`, 'utf16le')],
    ['UTF-16 LE without BOM', (t: string) => Buffer.from(t, 'utf16le')],
    ['UTF-16 BE with BOM', (t: string) => Buffer.from(`\ufeff${t}`, 'utf16le').swap16()],
  ] as const) {
    it(`opens: ${title}`, () => opensAsApp(encode(text('app.pem', 'app.key'))));
  }

  it('opens: source code, however long its lines are', async () => {
    // A line may begin or end with a plus sign of its own.
    for (let width = 40; width < 77; width++) {
      const body = family()
        .app.pkcs8.toString('base64')
        .replace(new RegExp(`.{${width}}`, 'g'), "$&\\n' +\n  '");
      await opensAsApp(
        `'-----BEGIN PRIVATE KEY-----\\n' +\n  '${body}\\n' +\n '-----END PRIVATE KEY-----'\n${text('app.pem')}`,
      );
    }
  });

  const encryptions: [string, () => string][] = [
    ...['aes128', 'aes256', 'des3', 'aes-192-cbc', 'des-ede3-cbc'].map((cipher): [string, () => string] => [
      `PKCS#8 ${cipher}`,
      () => encrypted('-v2', cipher),
    ]),
    ...['hmacWithSHA1', 'hmacWithSHA224', 'hmacWithSHA384', 'hmacWithSHA512', 'hmacWithSHA512-256'].map(
      (prf): [string, () => string] => [`PKCS#8 ${prf}`, () => encrypted('-v2', 'aes256', '-v2prf', prf)],
    ),
    ['PKCS#8 scrypt', () => encrypted('-scrypt')],
    ['PKCS#8 600,000 iterations', () => encrypted('-v2', 'aes256', '-iter', '600000')],
    ...['PBE-SHA1-3DES', 'PBE-SHA1-2DES'].map((name): [string, () => string] => [name, () => encrypted('-v1', name)]),
    ...['PBE-MD5-DES', 'PBE-SHA1-DES', 'PBE-SHA1-RC2-40', 'PBE-SHA1-RC4-128', 'PBE-SHA1-RC2-64', 'PBE-MD5-RC2-64'].map(
      (name): [string, () => string] => [
        name,
        () => encrypted('-provider', 'legacy', '-provider', 'default', '-v1', name),
      ],
    ),
    ...['aes128', 'aes192', 'aes256', 'des3', ...(isNode ? ['aria128', 'aria192', 'aria256', 'sm4'] : [])].map(
      (cipher): [string, () => string] => [
        `old PEM encryption ${cipher}`,
        () => openssl('rsa', '-in', 'app.key', '-traditional', `-${cipher}`, '-passout', 'pass:é漢🔑').toString(),
      ],
    ),
    ...['des-cbc', 'rc2-cbc', 'rc2-40-cbc'].map((cipher): [string, () => string] => [
      `old PEM encryption ${cipher}`,
      () => {
        const legacy = ['-provider', 'legacy', '-provider', 'default'];
        return openssl(
          'rsa',
          ...legacy,
          '-in',
          'app.key',
          '-traditional',
          `-${cipher}`,
          '-passout',
          'pass:é漢🔑',
        ).toString();
      },
    ]),
  ];
  for (const [title, key] of encryptions) {
    it(`opens with its pass phrase: ${title}`, async () => {
      const content = text('app.pem') + key();
      await opensAsApp(content, 'é漢🔑');
      const bytes = Buffer.from(content);
      assert.equal((await rejection(openCredential(bytes, { password: 'no' }))).code, 'wrong-password');
      assert.equal((await rejection(openCredential(bytes))).code, 'password-required');
      const description = await inspect(bytes);
      assert.deepEqual(
        [description.hasPrivateKey, description.keyEncrypted, description.keyMatches],
        [true, true, undefined],
      );
    });
  }

  it('with Bag Attributes and an encrypted key, OpenSSL’s own default, opens and has its friendly name', async () => {
    const content = bagAttributes('-passout', 'pass:key phrase');
    await opensAsApp(content, 'key phrase');
    const { friendlyName } = await inspect(Buffer.from(content), { password: 'key phrase' });
    assert.equal(friendlyName, 'my app');
    const nameless = content.replaceAll('friendlyName: my app', 'friendlyName: ');
    const description = await inspect(Buffer.from(nameless), { password: 'key phrase' });
    assert.equal('friendlyName' in description, false);
  });

  it('with only Bag Attributes is explained as the broken export that it is', async () => {
    const content =
      'Bag Attributes\n    localKeyID: 01 02 03\n    friendlyName: my app\nKey Attributes: <No Attributes>\n';
    const { code, message } = await rejection(openPrivateKey(Buffer.from(content)));
    assert.equal(code, 'not-a-certificate-file');
    assert.match(message, /at least 4 characters/);
  });

  it('has a kind by its content', async () => {
    const kindOf = async (content: string): Promise<string> => (await inspect(Buffer.from(content))).kind;
    assert.equal(await kindOf(text('app.pem')), 'certificate');
    assert.equal(await kindOf(text('app.key')), 'privateKey');
    assert.equal(await kindOf(text('app.pem', 'app.key')), 'pem');
    assert.equal(await kindOf(text('app.pem', 'root.pem')), 'pem');
  });

  it('with a certificate chain and no key is about the end of the chain', async () => {
    const { app, issuing, root } = family();
    for (const names of [
      ['root.pem', 'issuing.pem', 'app.pem'],
      ['app.pem', 'root.pem', 'issuing.pem'],
    ]) {
      const { certificateDer, chainDer } = await openCertificate(Buffer.from(text(...names)));
      assert.deepEqual(Buffer.from(certificateDer), app.der);
      assert.deepEqual(
        chainDer.map((der) => Buffer.from(der)),
        [issuing.der, root.der],
      );
    }
  });

  it('with a key alone is described and opened', async () => {
    const description = await inspect(read('app.key'));
    assert.deepEqual(
      [description.kind, description.keyAlgorithm, description.keySize, description.hasPrivateKey, description.subject],
      ['privateKey', 'RSA', 2048, true, undefined],
    );
    assert.deepEqual(Buffer.from(await openPrivateKey(read('app.key'))), family().app.pkcs8);
    const locked = Buffer.from(encrypted('-v2', 'aes256'));
    assert.equal((await rejection(inspect(locked))).code, 'password-required');
    assert.equal((await rejection(inspect(locked, { password: 'no' }))).code, 'wrong-password');
    assert.equal((await inspect(locked, { password: 'é漢🔑' })).keySize, 2048);
  });

  for (const cipher of ['cast5-cbc', 'bf-cbc'])
    it(`under ${cipher} says that this cannot be read`, async () => {
      const legacy = ['-provider', 'legacy', '-provider', 'default'];
      // Data of several sizes: blocks have eight bytes, not sixteen.
      for (const file of ['app.key', 'curve.key']) {
        if (file === 'curve.key')
          pair('curve', { algorithm: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'] });
        const locked = openssl('pkcs8', ...legacy, '-topk8', '-in', file, '-passout', 'pass:abcd', '-v2', cipher);
        const { code, message } = await rejection(openPrivateKey(locked, { password: 'abcd' }));
        assert.equal(code, 'unsupported-encryption');
        assert.match(message, /CAST5|Blowfish/);
      }
    });

  it('with an EC key gives that key as PKCS#8', async () => {
    pair('curve', { algorithm: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'] });
    const sec1 = openssl('ec', '-in', 'curve.key');
    assert.match(sec1.toString(), /BEGIN EC PRIVATE KEY/);
    const pkcs8 = await openPrivateKey(sec1);
    assert.deepEqual(
      asPkcs8(sec1),
      asPkcs8(`-----BEGIN PRIVATE KEY-----\n${Buffer.from(pkcs8).toString('base64')}\n-----END PRIVATE KEY-----`),
    );
  });

  it('whose block breaks off is damaged', async () => {
    const whole = text('app.pem', 'app.key');
    for (const cut of [
      whole.slice(0, 400),
      whole.slice(0, -40),
      whole.replace('M', '\u0000'),
      whole.replace('MII', '#?!'),
    ]) {
      assert.equal((await rejection(openCredential(Buffer.from(cut)))).code, 'damaged-file');
    }
  });

  it('with a key in OpenSSH format says how to convert it', async () => {
    const content =
      '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n';
    const { code, message } = await rejection(openPrivateKey(Buffer.from(content)));
    assert.equal(code, 'not-a-certificate-file');
    assert.match(message, /ssh-keygen -p -m PKCS8/);
  });

  function encrypted(...args: string[]): string {
    return made('encrypted.key', 'pkcs8', '-topk8', '-in', 'app.key', '-passout', 'pass:é漢🔑', ...args).toString();
  }

  function bagAttributes(...args: string[]): string {
    write(
      'bags.pfx',
      made(
        'bags.pfx',
        'pkcs12',
        '-export',
        '-inkey',
        'app.key',
        '-in',
        'app.pem',
        '-name',
        'my app',
        '-passout',
        'pass:x',
      ),
    );
    const output = made('bags.pem', 'pkcs12', '-in', 'bags.pfx', '-passin', 'pass:x', ...args).toString();
    assert.match(output, /Bag Attributes/);
    return output;
  }
});
