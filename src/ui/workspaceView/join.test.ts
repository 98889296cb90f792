import assert from 'node:assert/strict';
import type { CertificateFact } from './facts.ts';
import { join } from './join.ts';
import type { Joined, JoinInput } from './join.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 10, 24);
const certificate = (letter: string, more: Partial<CertificateFact> = {}): CertificateFact => ({
  thumbprintSha256: letter.repeat(64),
  thumbprintSha1: letter.repeat(40),
  publicKey: `KEY-${letter}`,
  notBefore: now - 100 * day,
  expires: now + 265 * day,
  ...more,
});
const sha1Only = (letter: string): CertificateFact => ({ thumbprintSha1: letter.repeat(40) });
const a = certificate('A');
const b = certificate('B');
const registration = (certificates: readonly CertificateFact[], secrets: readonly { expires?: number }[] = []) => ({
  name: 'portal',
  certificates,
  secrets,
  at: now - day,
});
const version = (one: CertificateFact, digit: string) => ({ ...one, version: digit.repeat(32) });
const base: JoinInput = {
  followsVault: false,
  usesVault: false,
  held: [],
  thresholds: { days: 30, urgentDays: 7, percent: 90 },
  now,
};

const codes = ({ drifts }: Joined) => drifts.map(({ code }) => code);

describe('join', () => {
  const table: readonly (readonly [string, Partial<JoinInput>, boolean | undefined, readonly string[]])[] = [
    ['nothing known but a secret in the code', {}, undefined, []],
    ['a certificate and nobody asked', { code: a }, undefined, []],
    ['in code and registered', { code: a, registration: registration([a]) }, true, []],
    ['in code but not registered', { code: a, registration: registration([]) }, false, ['not-registered']],
    ['known by SHA-1 only, registered', { code: sha1Only('A'), registration: registration([a]) }, true, []],
    ['registration knows SHA-1 only', { code: a, registration: registration([sha1Only('A')]) }, true, []],
    [
      'the same SHA-1 and another SHA-256 is another certificate',
      { code: a, registration: registration([certificate('A', { thumbprintSha256: 'C'.repeat(64), publicKey: 'K' })]) },
      false,
      ['not-registered', 'registered-without-key'],
    ],
    [
      'a proof after the last look: uploaded since',
      { code: a, registration: registration([]), provenAt: now },
      true,
      [],
    ],
    [
      'a proof before the last look: removed since',
      { code: a, registration: registration([]), provenAt: now - 2 * day },
      false,
      ['not-registered'],
    ],
    ['a proof and nobody asked', { code: a, provenAt: now }, true, []],
    [
      'registered but no key anywhere',
      { code: a, registration: registration([a, b]) },
      true,
      ['registered-without-key'],
    ],
    ['registered and its key is here', { code: a, held: [b], registration: registration([a, b]) }, true, []],
    [
      'registered and in a listed vault',
      { code: a, held: [sha1Only('B')], registration: registration([a, b]) },
      true,
      [],
    ],
    [
      'an expired one without a key is of no matter',
      { code: a, registration: registration([a, certificate('B', { expires: now - 1 })]) },
      true,
      [],
    ],
    [
      'nothing about keys while the vault was not asked',
      { code: a, usesVault: true, registration: registration([a, b]) },
      true,
      [],
    ],
    [
      'a secret and a registered certificate without a key',
      { registration: registration([b], [{}]) },
      undefined,
      ['registered-without-key'],
    ],
    [
      'the vault has a newer version than the app',
      {
        code: a,
        usesVault: true,
        registration: registration([a]),
        vault: { newest: version(b, '2'), used: version(a, '1') },
      },
      true,
      ['vault-newer'],
    ],
    [
      'the vault has the version of the app',
      { code: a, usesVault: true, registration: registration([a]), vault: { newest: version(a, '1') } },
      true,
      [],
    ],
    [
      'the app will follow the vault to what is not registered',
      {
        code: a,
        usesVault: true,
        followsVault: true,
        registration: registration([a]),
        vault: { newest: version(b, '2'), used: version(a, '1') },
      },
      true,
      ['vault-ahead-of-registration'],
    ],
    [
      'the app will follow the vault to what is registered',
      {
        code: a,
        usesVault: true,
        followsVault: true,
        registration: registration([a, b]),
        vault: { newest: version(b, '2'), used: version(a, '1') },
      },
      true,
      [],
    ],
    [
      'the vault renewed with the same key',
      {
        code: a,
        usesVault: true,
        vault: { newest: version(certificate('B', { publicKey: 'KEY-A' }), '2'), used: version(a, '1') },
      },
      undefined,
      ['vault-newer', 'key-reused'],
    ],
    [
      'the registration has an older certificate of the same key',
      {
        code: a,
        held: [a],
        registration: registration([a, certificate('B', { publicKey: 'KEY-A', expires: now - 1 })]),
      },
      true,
      ['key-reused'],
    ],
    [
      'two strangers with one key are none of ours',
      {
        code: a,
        registration: registration([a, b, certificate('C', { publicKey: 'KEY-B' })]),
      },
      true,
      ['registered-without-key', 'registered-without-key'],
    ],
    ['expiring', { code: certificate('A', { expires: now + 20 * day }) }, undefined, ['expiring']],
    ['urgent counts as expiring', { code: certificate('A', { expires: now + 2 * day }) }, undefined, ['expiring']],
    ['expired', { code: certificate('A', { expires: now }) }, undefined, ['expired']],
    [
      'the registration knows when it expires',
      { code: sha1Only('A'), registration: registration([certificate('A', { expires: now + day })]) },
      true,
      ['expiring'],
    ],
    [
      'secret still alive after proof',
      { code: a, registration: registration([a], [{ expires: now + day }, {}]), provenAt: now },
      true,
      ['secret-alive'],
    ],
    [
      'an expired secret is not alive',
      { code: a, registration: registration([a], [{ expires: now - day }]), provenAt: now },
      true,
      [],
    ],
    ['a secret before the proof stays', { code: a, registration: registration([a], [{}]) }, true, []],
  ];
  for (const [what, input, registered, drifts] of table) {
    it(what, () => {
      const joined = join({ ...base, ...input });
      assert.equal(joined.registered, registered);
      assert.deepEqual(codes(joined), drifts);
    });
  }

  it('tells how many secrets are alive, and whether the newer version is registered', () => {
    const input = {
      code: a,
      usesVault: true,
      provenAt: now,
      registration: registration([a, b], [{}, {}]),
      vault: { newest: version(b, '2'), used: version(a, '1') },
    };
    assert.deepEqual(join({ ...base, ...input }).drifts, [
      { code: 'vault-newer', version: '2'.repeat(32), registered: true },
      { code: 'secret-alive', secrets: 2 },
    ]);
  });
});
