import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { keyBytesProblem } from './keyText.ts';

describe('what createPrivateKey takes for a key', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const locked = privateKey
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open me' })
    .toString();
  const problem = (text: string | Uint8Array, format: 'pem' | 'der' = 'pem') =>
    keyBytesProblem(Buffer.from(text), format);

  it('is PEM in its usual dresses, locked or not', () => {
    const body = pem.replace(/-----.*-----|\n/g, '');
    const dresses = [
      ...[pem, locked, pem.trim(), `\uFEFF${pem}`, pem.replaceAll('\n', '\r\n'), `Bag Attributes\n  x: y\n${pem}`],
      `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`,
      privateKey.export({ type: 'pkcs1', format: 'pem' }),
    ];
    for (const dress of dresses) assert.equal(problem(dress), undefined, dress.toString().slice(0, 40));
    assert.equal(problem(privateKey.export({ type: 'pkcs8', format: 'der' }), 'der'), undefined);
  });

  it('is nothing else, and what it is instead can be told', () => {
    const der = privateKey.export({ type: 'pkcs8', format: 'der' });
    for (const key of [pem, locked]) {
      assert.equal(problem(`"${key.trim()}"`), 'layout');
      assert.equal(problem(key.replace(/^/gm, '  ')), 'layout');
      for (const end of [' ', '', '\\n']) assert.equal(problem(key.replaceAll('\n', end)), 'newlines');
      assert.equal(problem(key, 'der'), 'pem');
    }
    assert.equal(problem(pem.slice(0, -80)), 'layout');
    assert.equal(problem(der), 'der');
    assert.equal(problem(der.toString('base64')), 'base64');
    assert.equal(problem(Buffer.from('3082010a020103', 'hex'), 'der'), 'pkcs12');
    assert.equal(problem(Buffer.from('3080020103', 'hex')), 'pkcs12');
    assert.equal(problem('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'), 'certificate');
    assert.equal(problem('certs/app.key'), 'path');
    assert.equal(problem('hello'), 'other');
    assert.equal(problem(''), 'other');
  });

  it('is told without deriving a key, however many rounds that would take', () => {
    const tlv = (tag: number, ...content: readonly Buffer[]): Buffer => {
      const inner = Buffer.concat(content);
      return Buffer.concat([Buffer.from([tag, 0x82, inner.length >> 8, inner.length & 0xff]), inner]);
    };
    const sequence = (...content: readonly Buffer[]) => tlv(0x30, ...content);
    const oid = (hex: string) => tlv(0x06, Buffer.from(hex, 'hex'));
    // RFC 8018: PBES2 with PBKDF2 of two thousand million rounds, and AES-256-CBC.
    const rounds = tlv(0x02, Buffer.from('7fffffff', 'hex'));
    const kdf = sequence(oid('2a864886f70d01050c'), sequence(tlv(0x04, Buffer.alloc(16, 1)), rounds));
    const cipher = sequence(oid('60864801650304012a'), tlv(0x04, Buffer.alloc(16, 2)));
    const pbes2 = sequence(oid('2a864886f70d01050d'), sequence(kdf, cipher));
    const hostile = sequence(pbes2, tlv(0x04, Buffer.alloc(1216, 3)));
    const text = hostile.toString('base64').replace(/.{64}/g, '$&\n');
    const label = 'ENCRYPTED PRIVATE KEY';
    assert.equal(problem(`-----BEGIN ${label}-----\n${text}\n-----END ${label}-----\n`), undefined);
  });
});
