import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { AppConfig, MsalVersion } from '../appConfig/types.ts';
import { certificatePem, inspect, privateKeyPem, selfSigned } from '../certificates/index.ts';
import { checkApp } from './checkApp.ts';
import type { AppFacts } from './types.ts';

const sha256 = createHash('sha256').update('certificate').digest('hex').toUpperCase();
const sha1 = createHash('sha1').update('certificate').digest('hex').toUpperCase();
const tenantId = '11111111-2222-3333-4444-555555555555';
const literal = { kind: 'literal' } as const;

function app(more: Partial<AppConfig> = {}): AppConfig {
  return {
    file: '/app/auth.js',
    line: 7,
    column: 5,
    credential: 'certificate',
    tenantKind: 'workforce',
    moduleKind: 'commonjs',
    language: 'javascript',
    msal: { version: '7.2.3', source: 'installed' },
    appRoot: '/app',
    ...more,
  };
}

function withThumbprint(
  value: string,
  property: 'thumbprint' | 'thumbprintSha256' = 'thumbprintSha256',
  more = {},
): AppConfig {
  return app({ certificate: { thumbprintProperty: property, thumbprint: { value, source: literal }, ...more } });
}

const codes = (config: AppConfig, facts?: AppFacts): string[] => checkApp(config, facts).map(({ code }) => code);
const withVersion = (config: AppConfig, msal: MsalVersion): AppConfig => ({ ...config, msal });

describe('checks on an app config', () => {
  it('find nothing in a good one', () => {
    assert.deepEqual(checkApp(withThumbprint(sha256)), []);
    // F7: case does not matter.
    assert.deepEqual(checkApp(withThumbprint(sha256.toLowerCase())), []);
    assert.deepEqual(checkApp(app({ credential: 'assertion' })), []);
    assert.deepEqual(checkApp(app({ credential: 'assertion', assertion: 'function' })), []);
    assert.deepEqual(checkApp(app({ credential: 'assertion', assertion: 'unknown' })), []);
    assert.deepEqual(checkApp(app({ credential: 'none' })), []);
  });

  it('say what a secret means', () => {
    assert.deepEqual(codes(app({ credential: 'secret' })), ['secret-in-use']);
    const [inCode] = checkApp(app({ credential: 'secret', secretInCode: true }));
    // The app runs all the same.
    assert.deepEqual([inCode?.code, inCode?.severity], ['secret-in-code', 'warning']);
    assert.deepEqual(codes(app({ credential: 'secretAndCertificate' })), ['secret-and-certificate']);
    const [finding] = checkApp(app({ credential: 'none', misspelt: { name: 'ClientCertificate', line: 9 } }));
    assert.ok(finding !== undefined);
    assert.deepEqual([finding.code, finding.line, finding.severity], ['certificate-misspelt', 9, 'error']);
    assert.match(finding.message, /"ClientCertificate"/);
  });

  it('tell an assertion that expires, and a msal-node that calls no function', () => {
    const assertion = (kind: 'text' | 'function', version: string) =>
      codes(app({ credential: 'assertion', assertion: kind, msal: { version, source: 'installed' } }));
    assert.deepEqual(assertion('text', '7.2.3'), ['assertion-expires']);
    assert.deepEqual(assertion('function', '2.6.6'), ['msal-node-too-old']);
    assert.deepEqual(assertion('function', '2.8.1'), []);
    const value = { source: { kind: 'literal' } } as const;
    const vault = { module: '/app/keyVaultAssertion.js', origin: value, certificate: value, version: value };
    const signing = (keyFrom: 'keyVault' | 'keyVaultSign', version: string) =>
      codes(
        app({
          credential: 'assertion',
          assertion: 'unknown',
          vault: { ...vault, keyFrom },
          msal: { version, source: 'installed' },
        }),
      );
    assert.deepEqual(signing('keyVaultSign', '2.6.6'), ['msal-node-too-old']);
    assert.deepEqual(signing('keyVaultSign', '2.8.1'), []);
    assert.deepEqual(signing('keyVault', '2.6.6'), []);
    const ranged = { version: '2.6.0', source: 'range' } as const;
    const [finding] = checkApp(app({ credential: 'assertion', assertion: 'function', msal: ranged }));
    assert.equal(finding?.severity, 'warning');
  });

  describe('of a thumbprint', () => {
    const pairs = (sha256.match(/../g) ?? []).join(':');
    const base64 = Buffer.from(sha256, 'hex').toString('base64');
    const cases: [string, string, 'thumbprint' | 'thumbprintSha256', string, boolean][] = [
      ['F1 colons', pairs, 'thumbprintSha256', 'thumbprint-not-hex', true],
      ['F2 spaces', pairs.replaceAll(':', ' '), 'thumbprintSha256', 'thumbprint-not-hex', true],
      ['F3 an invisible character', `\u200e${sha256}`, 'thumbprintSha256', 'thumbprint-invisible-character', true],
      ['F4 base64', base64, 'thumbprintSha256', 'thumbprint-not-hex', true],
      [
        'F4 base64url',
        Buffer.from(sha256, 'hex').toString('base64url'),
        'thumbprintSha256',
        'thumbprint-not-hex',
        true,
      ],
      ['F4 a prefix', `sha256 Fingerprint=${pairs}`, 'thumbprintSha256', 'thumbprint-not-hex', true],
      ['F5 SHA-1 as SHA-256', sha1, 'thumbprintSha256', 'thumbprint-sha1-as-sha256', false],
      ['F6 SHA-256 as SHA-1', sha256, 'thumbprint', 'thumbprint-sha256-as-sha1', false],
      ['a digit short', sha256.slice(1), 'thumbprintSha256', 'thumbprint-wrong-length', false],
      ['what is no thumbprint', 'hello world', 'thumbprintSha256', 'thumbprint-not-hex', false],
    ];
    for (const [title, text, property, code, corrected] of cases) {
      it(title, () => {
        const findings = checkApp(withVersion(withThumbprint(text, property), { source: 'unknown' }));
        assert.deepEqual(
          findings.map((finding) => [finding.code, finding.severity]),
          [[code, 'error']],
        );
        assert.equal(findings[0]?.message.includes(sha256), corrected);
        if (code === 'thumbprint-invisible-character')
          assert.match(findings.map((each) => each.message).join(), /U\+200E/);
      });
    }

    it('are silent about sample text and about what is not known', () => {
      assert.deepEqual(codes(withThumbprint('YOUR_CERT_THUMBPRINT')), []);
      assert.deepEqual(codes(withThumbprint('')), []);
      const unknown = { thumbprintProperty: 'thumbprintSha256', thumbprint: { source: literal } } as const;
      assert.deepEqual(codes(app({ certificate: unknown })), []);
    });
  });

  describe('of the msal-node version', () => {
    const modern = withThumbprint(sha256);
    const old = withThumbprint(sha1, 'thumbprint');
    it('refuse 2.8.0', () => {
      assert.deepEqual(codes(withVersion(old, { version: '2.8.0', source: 'lockFile' })), ['msal-node-2-8-0']);
    });
    it('hold property and version together (F33)', () => {
      assert.deepEqual(codes(withVersion(modern, { version: '2.10.0', source: 'installed' })), ['msal-node-too-old']);
      assert.deepEqual(codes(withVersion(modern, { version: '2.11.0', source: 'installed' })), []);
      assert.deepEqual(codes(withVersion(old, { version: '2.10.0', source: 'installed' })), []);
      assert.deepEqual(codes(withVersion(old, { version: '2.16.3', source: 'installed' })), ['thumbprint-sha1']);
      assert.deepEqual(codes(withVersion(old, { source: 'unknown' })), []);
    });
    it('are only a warning where a range allows an old version', () => {
      const [finding] = checkApp(withVersion(modern, { version: '2.6.0', source: 'range' }));
      assert.deepEqual([finding?.code, finding?.severity], ['msal-node-too-old', 'warning']);
    });
  });

  describe('of the authority of an External ID tenant', () => {
    const check = (value: string | undefined, version: string, more: Partial<AppConfig> = {}) =>
      codes(
        app({
          authority: { ...(value === undefined ? {} : { value }), source: literal },
          msal: { version, source: 'installed' },
          ...more,
        }),
      );
    const named = 'https://contoso.ciamlogin.com/';
    it('find the name that newer versions reject', () => {
      assert.deepEqual(check(named, '7.2.3'), ['authority-rejected']);
      assert.deepEqual(check(`${named}contoso.onmicrosoft.com`, '5.2.1'), ['authority-rejected']);
      assert.deepEqual(check(named, '5.2.1', { knownAuthorities: [`${tenantId}.ciamlogin.com`] }), [
        'authority-rejected',
      ]);
    });
    it('are silent where it works or is not known', () => {
      assert.deepEqual(check(named, '5.2.0'), []);
      assert.deepEqual(check(named, '3.8.10'), []);
      assert.deepEqual(check(named + tenantId, '7.2.3'), []);
      assert.deepEqual(check(`https://${tenantId}.ciamlogin.com/`, '7.2.3'), []);
      assert.deepEqual(check(named, '7.2.3', { knownAuthorities: [`${tenantId}.ciamlogin.com`] }), []);
      assert.deepEqual(check(named, '7.2.3', { knownAuthorities: 'unknown' }), []);
      assert.deepEqual(check('https://Enter_the_Tenant_Subdomain_Here.ciamlogin.com/', '7.2.3'), []);
      assert.deepEqual(check('https://${TENANT}.ciamlogin.com/', '7.2.3'), []);
      assert.deepEqual(check('https://login.microsoftonline.com/common', '7.2.3'), []);
      assert.deepEqual(check(undefined, '7.2.3'), []);
    });
  });

  describe('of key and certificate', () => {
    it('judge real files, and are silent about a good one', async () => {
      const made = await selfSigned({ subject: 'check' });
      const other = await selfSigned({ subject: 'other' });
      const { thumbprintSha256 = '' } = made.description;
      const certificate = await inspect(Buffer.from(certificatePem(made.certificateDer)));
      const key = await inspect(Buffer.from(await privateKeyPem(made.privateKeyPkcs8)));
      const config = withThumbprint(thumbprintSha256, 'thumbprintSha256', { keyFile: '/app/a.key' });
      const keyFile = { exists: true, mode: 0o600, description: key };
      assert.deepEqual(checkApp(config, { keyFile, certificate, keyMatches: true }), []);
      // F14, F17: Bag Attributes, CRLF and a BOM before the key all work.
      const dressed = `\uFEFFBag Attributes\r\n    friendlyName: x\r\n${(await privateKeyPem(made.privateKeyPkcs8)).replaceAll('\n', '\r\n')}`;
      assert.deepEqual(
        checkApp(config, { keyFile: { exists: true, description: await inspect(Buffer.from(dressed)) } }),
        [],
      );
      assert.deepEqual(codes(config, { certificate: other.description }), ['thumbprint-of-other-certificate']);
      assert.deepEqual(codes(config, { certificate, keyMatches: false }), ['key-does-not-match']);
      assert.deepEqual(codes(config, { keyFile: { exists: false } }), ['key-file-missing']);
      assert.deepEqual(codes(config, { keyFile: { ...keyFile, mode: 0o644 } }), ['key-file-readable']);
      assert.deepEqual(codes(config, { keyFile: { exists: true, encrypted: true } }), ['key-encrypted']);
    });

    it('leave open which of several certificates with keys is meant', async () => {
      const sooner = await selfSigned({ subject: 'sooner', validityDays: 100 });
      const later = await selfSigned({ subject: 'later', validityDays: 200 });
      const parts = [sooner, later].map(
        async (one) => (await privateKeyPem(one.privateKeyPkcs8)) + certificatePem(one.certificateDer),
      );
      const description = await inspect(Buffer.from((await Promise.all(parts)).join('')));
      const { thumbprintSha256 = '' } = sooner.description;
      const config = withThumbprint(thumbprintSha256, 'thumbprintSha256', { keyFile: '/app/a.key' });
      assert.deepEqual(
        codes(config, { keyFile: { exists: true, description } }).filter((code) => code.startsWith('thumbprint')),
        [],
      );
    });

    it('pass on what is wrong with the certificate', async () => {
      const year = 365 * 24 * 60 * 60 * 1000;
      const expired = await selfSigned({ subject: 'old', validityDays: 30, now: Date.now() - year });
      const future = await selfSigned({ subject: 'new', now: Date.now() + year });
      const config = app({ certificate: { keyFile: '/app/a.key' } });
      for (const [made, code] of [
        [expired, 'expired'],
        [future, 'not-yet-valid'],
      ] as const) {
        const certificate = await inspect(Buffer.from(certificatePem(made.certificateDer)));
        assert.deepEqual(codes(config, { certificate }), [code]);
      }
    });

    it('know where a pass phrase comes from', () => {
      const from = (passphrase: NonNullable<AppConfig['certificate']>['passphrase']) =>
        app({ certificate: { keyFile: '/app/a.key', ...(passphrase === undefined ? {} : { passphrase }) } });
      const encrypted = { keyFile: { exists: true, encrypted: true } };
      const variable = from({ kind: 'environment', variable: 'PASS', hasFallback: false });
      assert.deepEqual(codes(variable, encrypted), []);
      assert.deepEqual(codes(variable, { ...encrypted, passphraseSet: true }), []);
      assert.deepEqual(codes(variable, { ...encrypted, passphraseSet: false }), ['key-encrypted']);
      assert.deepEqual(codes(from(literal), encrypted), ['passphrase-in-code']);
    });
  });
});
