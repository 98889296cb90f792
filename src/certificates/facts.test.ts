import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { certificateFacts } from './facts.ts';
import { openssl, pair, read } from './testing/files.ts';
import { readThumbprint, thumbprintBase64Url } from './thumbprints.ts';

describe('the facts of a certificate', function () {
  this.timeout(120_000);
  const subjects: [string, string, string][] = [
    ['plain', '/CN=app', 'CN=app'],
    ['several parts, the most specific first', '/C=DE/O=Contoso/OU=Dev/CN=app', 'CN=app, OU=Dev, O=Contoso, C=DE'],
    ['UTF-8', '/O=Grüße 漢字 🔑/CN=é', 'CN=é, O=Grüße 漢字 🔑'],
    ['multi-valued', '/O=Contoso/OU=Dev+CN=app', 'CN=app+OU=Dev, O=Contoso'],
    ['escaped', '/O=Contoso, Ltd; "x" <y>\\+z/CN=#app', 'CN=\\#app, O=Contoso\\, Ltd\\; \\"x\\" \\<y\\>\\+z'],
    ['blanks at the ends', '/CN= app ', 'CN=\\ app\\ '],
    ['text that turns its direction', '/CN=a\u202egnp', 'CN=a\\E2\\80\\AEgnp'],
    [
      'known and unknown types',
      '/emailAddress=a@b.c/DC=local/UID=7/role=x',
      '2.5.4.72=#0c0178, UID=7, DC=local, emailAddress=a@b.c',
    ],
  ];
  subjects.forEach(([title, subject, expected], index) => {
    it(`print the subject: ${title}`, () => {
      const { der } = pair(`subject${index}`, { subject, keyOf: pair('subjects').name });
      assert.equal(certificateFacts(der).subject, expected);
    });
  });

  it('agree with Node on serial number, thumbprints and dates', () => {
    for (const serial of ['1', '255', '128', '0x00ffee11223344556677889900aabbcc']) {
      const { der } = pair(`serial${serial}`, { extra: ['-set_serial', serial], keyOf: pair('subjects').name });
      const facts = certificateFacts(der);
      const node = new X509Certificate(der);
      assert.equal(facts.serialNumber, node.serialNumber);
      assert.equal(facts.thumbprintSha256, node.fingerprint256.replaceAll(':', ''));
      assert.equal(facts.thumbprintSha1, node.fingerprint.replaceAll(':', ''));
      assert.equal(Date.parse(facts.notBefore), Date.parse(node.validFrom));
      assert.equal(Date.parse(facts.notAfter), Date.parse(node.validTo));
      assert.deepEqual([facts.selfSigned, facts.signatureHash], [true, 'SHA-256']);
    }
  });

  it('read dates beyond 2050, which are written in another way', () => {
    const { der } = pair('far', { extra: ['-days', '20000'], keyOf: pair('subjects').name });
    assert.equal(Date.parse(certificateFacts(der).notAfter), Date.parse(new X509Certificate(der).validTo));
  });

  it('has no dates that the calendar does not have', () => {
    const { der } = pair('calendar', { keyOf: pair('subjects').name });
    const text = der.toString('latin1');
    const at = text.lastIndexOf('\x17\x0d') + 2;
    assert.match(text.slice(at), /^\d{12}Z/);
    const withEnd = (end: string) => Buffer.from(text.slice(0, at) + end + text.slice(at + end.length), 'latin1');
    assert.equal(certificateFacts(withEnd('280229235959Z')).notAfter, '2028-02-29T23:59:59.000Z');
    for (const end of ['270229000000Z', '271131000000Z', '270001000000Z', '271301000000Z', '271200000000Z'])
      assert.throws(() => certificateFacts(withEnd(end)), /does not exist/, end);
    for (const end of ['271201240000Z', '271201006000Z', '271201000060Z'])
      assert.throws(() => certificateFacts(withEnd(end)), /does not exist/, end);
  });

  it('tell uses and alternative names', () => {
    const extra = [
      ...['-addext', 'subjectAltName=DNS:a.example,IP:10.0.0.1,IP:::1,email:a@b.c,URI:https://x/'],
      ...['-addext', 'keyUsage=digitalSignature,decipherOnly', '-addext', 'extendedKeyUsage=clientAuth,1.2.3'],
    ];
    const facts = certificateFacts(pair('uses', { extra, keyOf: pair('subjects').name }).der);
    assert.deepEqual(facts.subjectAltNames, [
      'DNS:a.example',
      'IP:10.0.0.1',
      'IP:0:0:0:0:0:0:0:1',
      'email:a@b.c',
      'URI:https://x/',
    ]);
    assert.deepEqual(facts.keyUsage, ['digitalSignature', 'decipherOnly']);
    assert.deepEqual(facts.extendedKeyUsage, ['clientAuth', '1.2.3']);
    assert.equal(facts.isCa, true);
  });

  it('name the hash of RSA-PSS signatures, and see who only looks self-signed', () => {
    const sigopt = ['-sha384', '-sigopt', 'rsa_padding_mode:pss'];
    const { der } = pair('psssigned', { extra: sigopt, keyOf: pair('subjects').name });
    assert.equal(certificateFacts(der).signatureHash, 'SHA-384');
    const forged = Buffer.from(read('psssigned.der'));
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
    assert.equal(certificateFacts(forged).selfSigned, false);
  });

  it('come from a version 1 certificate too', () => {
    pair('subjects');
    openssl('req', '-new', '-key', 'subjects.key', '-subj', '/CN=old', '-out', 'old.csr');
    openssl('x509', '-req', '-in', 'old.csr', '-signkey', 'subjects.key', '-outform', 'DER', '-out', 'old.der');
    assert.equal(certificateFacts(read('old.der')).subject, 'CN=old');
  });
});

describe('a pasted thumbprint', () => {
  const sha1 = 'A1B2C3D4E5F60718293A4B5C6D7E8F9001122334';
  const sha256 = `${sha1}00112233445566778899AABB`;
  const pairs = (hex: string, separator: string): string => (hex.match(/../g) ?? []).join(separator);
  const cases: [string, string, string][] = [
    ['colons', pairs(sha1, ':'), 'separated'],
    ['blanks, as MMC shows it', pairs(sha1.toLowerCase(), ' '), 'separated'],
    ['dashes', pairs(sha256, '-'), 'separated'],
    ['openssl’s prefix', `sha1 Fingerprint=${pairs(sha1, ':')}`, 'separated'],
    ['openssl’s prefix for SHA-256', `SHA256 Fingerprint=${pairs(sha256, ':')}`, 'separated'],
    ['lower case', sha256.toLowerCase(), 'hex'],
    ['base64', Buffer.from(sha1, 'hex').toString('base64'), 'base64'],
    ['base64url', thumbprintBase64Url(sha256), 'base64'],
  ];
  for (const [title, text, writtenAs] of cases) {
    it(`is read: ${title}`, () => {
      const read = readThumbprint(text);
      assert.ok(read?.hex === sha1 || read?.hex === sha256);
      assert.deepEqual([read.writtenAs, read.algorithm], [writtenAs, read.hex === sha1 ? 'SHA-1' : 'SHA-256']);
    });
  }

  it('shows the character that Windows hides in front of it', () => {
    const read = readThumbprint(`\u200e${sha1}`);
    assert.deepEqual([read?.hex, read?.hiddenCharacters], [sha1, ['U+200E']]);
  });

  it('is not made up from what is none', () => {
    for (const text of ['', 'hello', sha1.slice(1), `${sha1}0`, 'G'.repeat(40), 'x'.repeat(5000)]) {
      assert.equal(readThumbprint(text), undefined);
    }
  });
});
