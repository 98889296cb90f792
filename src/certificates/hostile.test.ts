import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isCancelled, isExpectedError } from '../base/errors.ts';
import { openCertificate, openCredential, openPrivateKey } from './credential.ts';
import { oidDer, Tag, writeDer } from './der.ts';
import { inspect } from './inspect.ts';
import { Oid } from './oids.ts';
import { family, made, openssl, read, rejection } from './testing/files.ts';
import * as build from './testing/pfx.ts';
import { computing } from '../../test/host/computing.ts';

const limit = 2000;

/** Runs everything that reads on the bytes; fails on any end but a result or an expected error, and when it takes too long. */
async function survives(bytes: Uint8Array, password?: string): Promise<string[]> {
  const options = password === undefined ? {} : { password };
  const ends: string[] = [];
  for (const read of [inspect, openCredential, openPrivateKey, openCertificate]) {
    const spent = computing();
    try {
      await read(bytes, options);
      ends.push('read');
    } catch (error) {
      if (!isExpectedError(error)) throw error;
      assert.match(error.message, /^\S.*\.$|: \S/su);
      ends.push(error.code);
    }
    assert.ok(spent() < limit, `It took longer than ${limit} ms.`);
  }
  return ends;
}

const flip = (bytes: Uint8Array, bit: number): Buffer => {
  const copy = Buffer.from(bytes);
  const at = (bit >> 3) % copy.length;
  copy[at] = (copy[at] ?? 0) ^ (1 << (bit & 7));
  return copy;
};

describe('hostile input', function () {
  this.timeout(60_000);
  let samples: { name: string; bytes: Buffer; password?: string }[];
  before(() => {
    family();
    const inputs = ['-inkey', 'app.key', '-in', 'app.pem', '-name', 'app', '-passout', 'pass:x'];
    const files = ['app.pem', 'root.pem'].flatMap((name) => ['-certfile', name]);
    samples = [
      { name: 'PFX', bytes: made('h.pfx', 'pkcs12', '-export', ...inputs), password: 'x' },
      { name: 'legacy PFX', bytes: made('h2.pfx', 'pkcs12', '-export', '-legacy', ...inputs), password: 'x' },
      {
        name: 'PFX without encryption',
        bytes: made('h3.pfx', 'pkcs12', '-export', '-keypbe', 'NONE', '-certpbe', 'NONE', '-nomac', ...inputs),
      },
      { name: 'PEM', bytes: Buffer.concat([read('app.pem'), read('app.key')]) },
      { name: 'DER', bytes: Buffer.from(read('app.der')) },
      { name: 'PKCS#7', bytes: made('h.p7b', 'crl2pkcs7', '-nocrl', ...files, '-outform', 'DER') },
      {
        name: 'key',
        bytes: made('h.key', 'pkcs8', '-topk8', '-in', 'app.key', '-outform', 'DER', '-passout', 'pass:x'),
        password: 'x',
      },
      {
        name: 'Key Vault secret',
        bytes: Buffer.from(openssl('pkcs12', '-export', ...inputs).toString('base64')),
        password: 'x',
      },
    ];
  });

  it('cut short anywhere ends in an expected error', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(7),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        async (index, part) => {
          const sample = samples[index]!;
          await survives(sample.bytes.subarray(0, Math.floor(part * sample.bytes.length)), sample.password);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('with a flipped bit ends in an expected error or a description', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(7), fc.nat(40_000), async (index, bit) => {
        const sample = samples[index]!;
        await survives(flip(sample.bytes, bit), sample.password);
      }),
      { numRuns: 200 },
    );
  });

  it('with a flipped bit in its first bytes, where the structure is', async () => {
    for (const sample of samples) {
      for (let bit = 0; bit < 8 * 40; bit += 5) await survives(flip(sample.bytes, bit), sample.password);
    }
  });

  it('made of random bytes, or of random bytes behind a real beginning', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(7), fc.nat(60), fc.uint8Array({ maxLength: 300 }), async (index, keep, noise) => {
        await survives(Buffer.concat([samples[index]!.bytes.subarray(0, keep), noise]));
      }),
      { numRuns: 150 },
    );
  });

  const key = (algorithm: Uint8Array): Buffer =>
    Buffer.from(build.sequence(algorithm, build.octetString(Buffer.alloc(1216))));
  const salt = Buffer.alloc(8, 1);
  const sha256 = build.hmacOid.sha256!;
  const huge = 2 ** 31 - 1;
  const pkcs12Pbe = (count: number): Uint8Array =>
    build.sequence(
      writeDer(Tag.oid, Buffer.from('2a864886f70d010c0103', 'hex')),
      build.sequence(build.octetString(salt), build.integer(count)),
    );
  const macOf = (count: number) => (): Uint8Array => {
    const digest = build.sequence(
      build.sequence(writeDer(Tag.oid, Buffer.from('2b0e03021a', 'hex'))),
      build.octetString(Buffer.alloc(20)),
    );
    return build.sequence(digest, build.octetString(salt), build.integer(count));
  };
  const encryptedSafe = (algorithm: Uint8Array): Uint8Array =>
    build.sequence(
      writeDer(Tag.oid, Buffer.from('2a864886f70d010706', 'hex')),
      build.explicit(
        build.sequence(
          build.integer(0),
          build.sequence(
            writeDer(Tag.oid, Buffer.from('2a864886f70d010701', 'hex')),
            algorithm,
            writeDer(0x80, Buffer.alloc(64)),
          ),
        ),
      ),
    );
  const keyBag = (algorithm: Uint8Array): Uint8Array => build.bag(Oid.shroudedKeyBag, key(algorithm));

  const bombs: [string, () => Uint8Array][] = [
    ['PKCS#8 with 2^31 - 1 iterations', () => key(build.pbes2(build.pbkdf2(salt, huge, undefined, sha256)))],
    ['PKCS#8 with 2^40 iterations', () => key(build.pbes2(build.pbkdf2(salt, 2 ** 40, undefined, sha256)))],
    ['PKCS#8 with PKCS#12 derivation', () => key(pkcs12Pbe(huge))],
    ['PKCS#8 with scrypt that wants 64 GB', () => key(build.pbes2(build.scrypt(2 ** 26, 8, 1)))],
    ['PKCS#8 with scrypt in 2^20 lanes', () => key(build.pbes2(build.scrypt(16384, 8, 2 ** 20)))],
    ['MAC', () => build.pfx([build.plainSafe(build.certificateBag(family().app.der))], macOf(huge))],
    [
      'PBMAC1',
      () => build.pfx([build.plainSafe()], (content) => build.pbmac1(content, 'x', { writtenIterations: huge })),
    ],
    ['safe', () => build.pfx([encryptedSafe(pkcs12Pbe(huge))])],
    ['safe behind a cheap MAC', () => build.pfx([encryptedSafe(pkcs12Pbe(huge))], macOf(1))],
    [
      'key bag behind a valid MAC',
      () => build.pfx([build.plainSafe(keyBag(pkcs12Pbe(huge)))], (content) => build.pbmac1(content, 'x')),
    ],
    [
      'thirty key bags of 600,000 each',
      () => build.pfx([build.plainSafe(...Array.from({ length: 30 }, () => keyBag(pkcs12Pbe(600_000))))]),
    ],
    [
      'PEM with forty keys of 600,000 each',
      () => {
        const der = key(build.pbes2(build.pbkdf2(salt, 600_000, undefined, sha256)));
        const block = `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${der.toString('base64')}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
        return Buffer.from(block.repeat(40));
      },
    ],
  ];
  for (const [title, make] of bombs) {
    it(`that wants endless derivation is refused before it starts: ${title}`, async () => {
      const bytes = make();
      const spent = computing();
      assert.equal((await rejection(inspect(bytes, { password: 'x' }))).code, 'iterations-too-many');
      assert.ok(spent() < 250);
    });
  }

  it('with impossible parameters ends in an expected error', async () => {
    const zero = build.pbkdf2(salt, 0, undefined, sha256);
    for (const kdf of [zero, build.scrypt(3, 8, 1), build.scrypt(0, 0, 0), build.pbkdf2(salt, 1, 2 ** 31, sha256)]) {
      await survives(key(build.pbes2(kdf)), 'x');
    }
  });

  it('nested 100,000 levels deep', async () => {
    let nested: Uint8Array = Buffer.alloc(0);
    for (let i = 0; i < 3000; i++) nested = writeDer(Tag.sequence, nested);
    await survives(nested);
    await survives(Buffer.concat([Buffer.alloc(200_000, Buffer.of(0x30, 0x80)), Buffer.alloc(200_000)]));
    await survives(Buffer.concat([Buffer.alloc(200_000, Buffer.of(0x24, 0x80)), Buffer.alloc(200_000)]));
    let bags = build.sequence();
    for (let i = 0; i < 300; i++) bags = build.sequence(build.bag(Oid.safeContentsBag, bags));
    await survives(build.pfx([build.plainSafe(build.bag(Oid.safeContentsBag, bags))]));
  });

  it('of 50 MB is refused at once', async () => {
    const spent = computing();
    const { code } = await rejection(inspect(Buffer.alloc(50 * 1024 * 1024, 0x30)));
    assert.equal(code, 'file-too-large');
    assert.ok(spent() < 500);
  });

  const keyOf = (algorithm: Uint8Array, inner: Uint8Array): Buffer =>
    Buffer.from(build.sequence(build.integer(0), algorithm, build.octetString(inner)));
  const number = (bytes: number, fill = 0x7f): Uint8Array => writeDer(Tag.integer, Buffer.alloc(bytes, fill));
  const dsaKey = (prime: number, exponent: number): Buffer =>
    keyOf(
      build.sequence(oidDer(Oid.dsa), build.sequence(number(prime), number(32), build.integer(2))),
      number(exponent, 0x6e),
    );
  const slowKeys: [string, () => Uint8Array][] = [
    ['DSA with a long prime', () => dsaKey(3900, 3900)],
    ['DSA with a long exponent', () => dsaKey(512, 3900)],
    [
      'Diffie-Hellman',
      () =>
        keyOf(
          build.sequence(oidDer('1.2.840.113549.1.3.1'), build.sequence(number(3900), build.integer(2))),
          number(3900),
        ),
    ],
    [
      'RSA with numbers that are too long',
      () =>
        keyOf(
          build.sequence(oidDer(Oid.rsaEncryption), Buffer.of(Tag.null, 0)),
          build.sequence(build.integer(0), ...Array.from({ length: 8 }, () => number(250_000))),
        ),
    ],
  ];
  for (const [title, make] of slowKeys) {
    it(`with a key that is slow to import is not imported: ${title}`, async () => {
      const block = `-----BEGIN PRIVATE KEY-----\n${Buffer.from(make()).toString('base64')}\n-----END PRIVATE KEY-----\n`;
      const bytes = Buffer.concat([read('app.pem'), Buffer.from(block)]);
      const spent = computing();
      await survives(bytes);
      assert.ok(spent() < 500);
    });
  }

  it('whose DSA key is of a usual size still says that it is not the certificate’s', async () => {
    openssl('dsaparam', '-genkey', '-noout', '-out', 'dsa.key', '2048');
    const { keyMatches } = await inspect(Buffer.concat([read('app.pem'), read('dsa.key')]));
    // BoringSSL reads DSA keys no longer.
    assert.equal(keyMatches, process.versions.bun === undefined ? false : keyMatches);
  });

  const big = 5 * 1024 * 1024;
  const fills: [string, () => Buffer][] = [
    ['zero bytes', () => Buffer.alloc(big)],
    ['BEGIN lines without an END', () => Buffer.alloc(big, '-----BEGIN CERTIFICATE-----\n')],
    ['BEGIN words', () => Buffer.alloc(big, '-----BEGIN ')],
    ['END lines', () => Buffer.from(`-----BEGIN A-----${'-----END A-----'.repeat(300_000)}`)],
    ['empty blocks', () => Buffer.alloc(big, '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n')],
    ['base64', () => Buffer.alloc(big, 'A')],
    [
      'blanks in a block',
      () => Buffer.from(`-----BEGIN CERTIFICATE-----${' '.repeat(big - 100)}-----END CERTIFICATE-----`),
    ],
    [
      'quotes and plus signs',
      () => Buffer.from(`-----BEGIN CERTIFICATE-----${'" +'.repeat(big / 4)}-----END CERTIFICATE-----`),
    ],
    [
      'headers in a block',
      () => Buffer.from(`-----BEGIN CERTIFICATE-----\n${'a: b\n'.repeat(big / 6)}-----END CERTIFICATE-----`),
    ],
    ['friendly names', () => Buffer.from(`${'friendlyName: \n'.repeat(big / 16)}-----BEGIN X-----`)],
    ['braces', () => Buffer.alloc(big, '{"a":')],
    ['empty elements', () => Buffer.from(writeDer(Tag.sequence, Buffer.alloc(big - 10, Buffer.of(5, 0))))],
    ['empty octet strings in indefinite lengths, 5 deep', () => indefinite(5)],
    ['empty octet strings in indefinite lengths, 36 deep', () => indefinite(36)],
    ['an RSA number of 5 MB', () => Buffer.from(hugeKey())],
    ['a thousand certificates', () => Buffer.concat(Array.from({ length: 1000 }, (_, i) => Buffer.from(numbered(i))))],
  ];
  for (const [title, make] of fills) {
    it(`of 5 MB ends in time: ${title}`, async () => {
      await survives(make());
    });
  }

  it('that is encrypted with RC2 does not block the extension host, and above 1 MB is declined', async () => {
    const algorithm = build.sequence(
      writeDer(Tag.oid, Buffer.from('2a864886f70d010c0106', 'hex')),
      build.sequence(build.octetString(salt), build.integer(1)),
    );
    const sized = (size: number): Uint8Array => build.sequence(algorithm, build.octetString(Buffer.alloc(size)));
    const turns = await turnsDuring(() => rejection(openPrivateKey(sized(1024 * 1024), { password: 'x' })));
    assert.ok(turns >= 5, `The event loop had ${turns} turns.`);
    const { code } = await rejection(openPrivateKey(sized(4 * 1024 * 1024), { password: 'x' }));
    assert.equal(code, 'unsupported-encryption');
  });

  it('that asks for many iterations leaves the event loop its turns and ends when it is cancelled', async () => {
    const bytes = build.pfx([build.plainSafe()], macOf(1_000_000));
    const cancel = new AbortController();
    let turns = 0;
    const timer = setInterval(() => {
      turns++;
      if (turns === 5) cancel.abort();
    }, 1);
    try {
      await assert.rejects(inspect(bytes, { password: 'x', signal: cancel.signal }), isCancelled);
    } finally {
      clearInterval(timer);
    }
    assert.equal(turns, 5);
  });

  /** A PFX in BER whose content is in millions of pieces. */
  function indefinite(depth: number): Buffer {
    const starts = ['3080', '020103', '3080', '06092a864886f70d010701', 'a080', '2480'.repeat(depth)];
    const pieces = Buffer.alloc(big - 1000, Buffer.of(Tag.octetString, 0));
    return Buffer.concat([Buffer.from(starts.join(''), 'hex'), pieces, Buffer.alloc(2 * (3 + depth))]);
  }

  function hugeKey(): Uint8Array {
    const number = writeDer(Tag.integer, Buffer.alloc(big / 9 - 100, 0x7f));
    return build.sequence(build.integer(0), ...Array.from({ length: 8 }, () => number));
  }

  /** A certificate with its serial number changed: another certificate to whoever counts them. */
  function numbered(index: number): string {
    const der = Buffer.from(family().app.der);
    der.writeUInt16BE(index, 20);
    return `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
  }
});

/** How often timers got their turn while the action ran. */
async function turnsDuring(action: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  try {
    await action();
  } finally {
    clearInterval(timer);
  }
  return turns;
}
