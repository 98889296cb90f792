/** Findings about certificates, and about files that no key can be read from (facts/failure-modes.md F8, F18 to F28, F38). */
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { chmod, symlink } from 'node:fs/promises';
import { hmacOid, octetString, pbes2, pbkdf2, sequence } from '../../../src/certificates/testing/pfx.ts';
import { certificate, config, fromFile, made, passphrase, plainFile } from './app.ts';
import type { FindingApp } from './app.ts';
import { isWindows, rotate } from './row.ts';
import type { Row } from './row.ts';

const day = 86_400_000;
const good = () => config(certificate());
const plain = () => config(certificate({ key: plainFile }));

/** A certificate with something wrong about it, whose key belongs to it. */
function of(code: string, title: string, make: (app: FindingApp) => Promise<void>, more: Partial<Row> = {}): Row {
  const row = {
    make: async (app: FindingApp) => {
      await make(app);
      return plain();
    },
  };
  return {
    code,
    title,
    where: code.startsWith('key-') ? plainFile : 'clientCertificate',
    severity: 'error',
    ...row,
    ...more,
  };
}

/** Made `ago` days ago to live so many days. */
async function useDated(app: FindingApp, validityDays: number, ago: number): Promise<void> {
  const pair = await made({ subject: 'CN=dated', validityDays, now: Date.now() - ago * day });
  await app.usePair(pair);
  await app.setEnv({ THUMBPRINT: pair.sha256 });
}

const certificates: Row[] = [
  of('key-is-ec', 'F19 an elliptic curve', (app) =>
    app.useOpenSsl('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'),
  ),
  of('key-is-not-rsa', 'F21 RSA-PSS', (app) =>
    app.useOpenSsl('-newkey', 'rsa-pss', '-pkeyopt', 'rsa_keygen_bits:2048'),
  ),
  of('key-is-not-rsa', 'Ed25519', (app) => app.useOpenSsl('-newkey', 'ed25519')),
  of('key-too-short', 'F20 1024 bits', (app) => app.useOpenSsl('-newkey', 'rsa:1024', '-sha256')),
  of('sha1-signature', 'signed with SHA-1', (app) => app.useOpenSsl('-newkey', 'rsa:2048', '-sha1')),
  of('expired', 'over', (app) => useDated(app, 30, 300), { fix: rotate }),
  of('not-yet-valid', 'F38 of the future', (app) => useDated(app, 30, -300)),
  of('expires-soon', 'L2 twenty days left', (app) => useDated(app, 60, 40), { fix: rotate, severity: 'warning' }),
  {
    code: 'key-does-not-match',
    title: 'F22 the key of another certificate',
    make: async (app) => {
      await app.usePair({ key: app.material.other.key, certificate: app.material.own.certificate });
      return plain();
    },
    where: plainFile,
    severity: 'error',
  },
  {
    code: 'key-does-not-match',
    title: 'two keys, and the certificate of neither',
    make: async (app) => {
      const third = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
      const more = third.export({ type: 'pkcs8', format: 'pem' }).toString();
      await app.write('certs/app.key', app.material.other.key + more + app.material.own.certificate, 0o600);
      return plain();
    },
    where: plainFile,
    severity: 'error',
  },
];

/** Files that no key can be read from. */
function file(
  code: string,
  title: string,
  content: (app: FindingApp) => string | Buffer | Promise<string | Buffer>,
  more = {},
): Row {
  return of(code, title, async (app) => app.write('certs/app.key', await content(app), 0o600), {
    where: plainFile,
    ...more,
  });
}

const files: Row[] = [
  file('no-private-key', 'a certificate in the key’s place', ({ material }) => material.own.certificate),
  file('several-keys', 'two keys', ({ material }) => material.own.key + material.other.key),
  file('several-certificates', 'two keys with their certificates', ({ material: { own, other } }) =>
    [own.key, own.certificate, other.key, other.certificate].join(''),
  ),
  file('empty-file', 'nothing', () => ''),
  file('not-a-certificate-file', 'something else', () => 'module.exports = {};\n'),
  file('not-a-certificate-file', 'L1 attributes without a key', () => 'Bag Attributes\n    localKeyID: 01\n'),
  file('damaged-file', 'half a key', ({ material }) => {
    const der = createPrivateKey(material.own.key).export({ type: 'pkcs8', format: 'der' });
    return der.subarray(0, der.length / 2);
  }),
  file('file-too-large', 'six megabytes', () => Buffer.alloc(6 * 1024 * 1024, 'x')),
  of(
    'broken-link',
    'a link that leads to itself',
    async (app) => {
      await app.remove('certs/app.key');
      await symlink('app.key', app.path('certs/app.key'));
    },
    { where: plainFile, skip: isWindows },
  ),
  of('permission-denied', 'somebody else’s', (app) => chmod(app.path('certs/app.key'), 0), {
    where: plainFile,
    // Root may read everything.
    skip: () => isWindows() || process.getuid?.() === 0,
  }),
  of(
    'not-a-file',
    'a device',
    async (app) => {
      await app.remove('certs/app.key');
      await symlink('/dev/zero', app.path('certs/app.key'));
    },
    { where: plainFile, skip: isWindows },
  ),
  {
    code: 'name-too-long',
    title: 'a name of 300 letters',
    make: () => config(certificate({ key: `readFileSync('certs/${'n'.repeat(300)}.key', 'utf8')` })),
    where: `readFileSync('certs/${'n'.repeat(300)}.key', 'utf8')`,
    severity: 'error',
    // Windows says of such a file that it is not there.
    skip: isWindows,
  },
  {
    code: 'file-not-readable',
    title: 'a disk that does not answer',
    // Of this one Linux answers with an input/output error, as of a broken disk.
    make: () => config(certificate({ key: `readFileSync('/proc/self/mem', 'utf8')` })),
    where: `readFileSync('/proc/self/mem', 'utf8')`,
    severity: 'error',
    skip: () => process.platform !== 'linux',
  },
  of('unsupported-encryption', 'F28 a cipher that is not there', (app) => encryptedWith(app, '-v2', 'cast5-cbc'), {
    make: async (app) => {
      await encryptedWith(app, '-v2', 'cast5-cbc');
      return good();
    },
    where: fromFile,
  }),
  file('iterations-too-many', 'a computation that takes hours', () => {
    const derivation = pbkdf2(Buffer.alloc(16), 2_147_483_647, undefined, hmacOid.sha256 ?? '');
    return Buffer.from(sequence(pbes2(derivation), octetString(Buffer.alloc(1216))));
  }),
];

async function encryptedWith(app: FindingApp, ...options: readonly string[]): Promise<void> {
  await app.write('plain.key', app.material.own.key, 0o600);
  app.openssl(
    'pkcs8',
    ...['-provider', 'legacy', '-provider', 'default'],
    '-topk8',
    '-in',
    'plain.key',
    '-out',
    'certs/app.key',
    '-passout',
    `pass:${passphrase}`,
    ...options,
  );
  await app.remove('plain.key');
  await chmod(app.path('certs/app.key'), 0o600);
}

export const certificateRows: readonly Row[] = [...certificates, ...files];
