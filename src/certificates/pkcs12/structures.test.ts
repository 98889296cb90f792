import assert from 'node:assert/strict';
import tls from 'node:tls';
import { openCredential } from '../credential.ts';
import { Tag, writeDer } from '../der.ts';
import { inspect } from '../inspect.ts';
import { Oid } from '../oids.ts';
import { family, made, rejection } from '../testing/files.ts';
import * as build from '../testing/pfx.ts';

/** Bun's TLS (BoringSSL) knows no PBMAC1; Node's OpenSSL 3.5 does and is the second opinion. */
const isNode = process.versions.bun === undefined;

describe('a PKCS#12 structure', function () {
  this.timeout(120_000);
  const encryptedKey = (password: string): Buffer =>
    made('bag.key', 'pkcs8', '-topk8', '-in', 'app.key', '-passout', `pass:${password}`, '-outform', 'DER');
  const safe = (password: string, ...more: Uint8Array[]): Uint8Array =>
    build.plainSafe(
      build.certificateBag(family().app.der),
      build.bag(Oid.shroudedKeyBag, encryptedKey(password)),
      ...more,
    );
  before(() => family());

  const macs = [
    { prf: 'sha256', hash: 'sha256', keyLength: 32 },
    { prf: 'sha512', hash: 'sha256', keyLength: 32 },
    { prf: 'sha512', hash: 'sha512', keyLength: 64 },
    { prf: 'sha384', hash: 'sha384', keyLength: 48 },
    { prf: 'sha1', hash: 'sha256', keyLength: 20 },
  ];
  for (const mac of macs) {
    for (const password of ['1234', 'é漢🔑', '']) {
      it(`with PBMAC1 (RFC 9579) opens: ${JSON.stringify(mac)}, password ${JSON.stringify(password)}`, async () => {
        const bytes = build.pfx([safe(password)], (content) => build.pbmac1(content, password, mac));
        if (isNode) tls.createSecureContext({ pfx: bytes, passphrase: password });
        assert.equal((await openCredential(bytes, { password })).description.keyMatches, true);
        const wrong = build.pfx([safe('right')], (content) => build.pbmac1(content, 'right', mac));
        assert.equal((await rejection(openCredential(wrong, { password: 'no' }))).code, 'wrong-password');
      });
    }
  }

  it('with a wrong iteration count in its PBMAC1 does not open', async () => {
    const bytes = build.pfx([safe('x')], (content) => build.pbmac1(content, 'x', { writtenIterations: 2047 }));
    if (isNode) assert.throws(() => tls.createSecureContext({ pfx: bytes, passphrase: 'x' }));
    // The key bag does decrypt, so the password is not to blame.
    assert.equal((await rejection(openCredential(bytes, { password: 'x' }))).code, 'damaged-file');
  });

  it('opens in spite of revocation lists, secrets and unknown bags', async () => {
    const odd = [
      build.bag('1.2.840.113549.1.12.10.1.4', build.sequence(build.integer(1))),
      build.bag('1.2.840.113549.1.12.10.1.5', build.octetString(Buffer.from('secret'))),
      build.bag('1.2.3.4.5', build.integer(7)),
      build.bag(Oid.certBag, build.sequence(writeDer(Tag.oid, Buffer.from([42, 3])), build.explicit(build.integer(1)))),
    ];
    const bytes = build.pfx([safe('x', ...odd)]);
    assert.equal((await openCredential(bytes, { password: 'x' })).description.keyMatches, true);
  });

  it('opens when the bags are nested', async () => {
    const inner = build.sequence(build.certificateBag(family().app.der));
    const nested = build.bag(Oid.safeContentsBag, build.sequence(build.bag(Oid.safeContentsBag, inner)));
    const bytes = build.pfx([build.plainSafe(nested, build.bag(Oid.shroudedKeyBag, encryptedKey('x')))]);
    assert.equal((await openCredential(bytes, { password: 'x' })).description.keyMatches, true);
  });

  it('opens when it is BER with indefinite lengths and octet strings in pieces', async () => {
    const content = build.sequence(safe('x'));
    const end = Buffer.alloc(2);
    const pieces: Uint8Array[] = [];
    for (let i = 0; i < content.length; i += 1000) pieces.push(build.octetString(content.subarray(i, i + 1000)));
    const indefinite = (tag: number, ...parts: Uint8Array[]): Buffer =>
      Buffer.concat([Buffer.of(tag, 0x80), ...parts, end]);
    const authSafe = indefinite(
      0x30,
      writeDer(Tag.oid, Buffer.from('2a864886f70d010701', 'hex')),
      indefinite(0xa0, indefinite(0x24, ...pieces)),
    );
    const bytes = indefinite(0x30, build.integer(3), authSafe, build.pbmac1(content, 'x'));
    assert.equal((await openCredential(bytes, { password: 'x' })).description.keyMatches, true);
  });

  it('with a lying localKeyId still pairs the certificate with its own key', async () => {
    const { app, issuing } = family();
    const bytes = build.pfx([
      build.plainSafe(
        build.certificateBag(issuing.der, build.localKeyId('1')),
        build.certificateBag(app.der, build.localKeyId('2')),
        build.bag(Oid.keyBag, app.pkcs8, build.localKeyId('1')),
      ),
    ]);
    const { description } = await openCredential(bytes);
    assert.equal(description.thumbprintSha256, app.sha256);
  });

  it('whose key is locked is described by the certificate that its localKeyId names', async () => {
    const { app, issuing } = family();
    const bytes = build.pfx([
      build.plainSafe(
        build.certificateBag(issuing.der),
        build.certificateBag(app.der, build.localKeyId('k')),
        build.bag(Oid.shroudedKeyBag, encryptedKey('other'), build.localKeyId('k')),
      ),
    ]);
    const description = await inspect(bytes);
    assert.equal(description.thumbprintSha256, app.sha256);
    assert.deepEqual(
      [description.hasPrivateKey, description.keyEncrypted, description.keyMatches],
      [true, true, undefined],
    );
  });

  it('in public-key mode is declined with the reason', async () => {
    const bytes = Buffer.from(
      build.sequence(
        build.integer(3),
        build.sequence(writeDer(Tag.oid, Buffer.from('2a864886f70d010702', 'hex')), build.explicit(build.sequence())),
      ),
    );
    assert.equal((await rejection(inspect(bytes))).code, 'unsupported-encryption');
  });
});
