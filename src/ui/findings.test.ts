import assert from 'node:assert/strict';
import type { AppConfig } from '../appConfig/types.ts';
import { findingsOf } from './findings.ts';

const base: AppConfig = {
  file: '/app/authConfig.js',
  line: 7,
  column: 5,
  credential: 'certificate',
  tenantKind: 'workforce',
  moduleKind: 'commonjs',
  language: 'javascript',
  msal: { version: '7.2.3', source: 'installed' },
  appRoot: '/app',
};
const codes = (change: Partial<AppConfig>) => findingsOf({ ...base, ...change }).map(({ code }) => code);
const literal = (property: 'thumbprint' | 'thumbprintSha256', value: string) => ({
  certificate: { thumbprintProperty: property, thumbprint: { value, source: { kind: 'literal' as const } } },
});

describe('findings on an app config', () => {
  it('are none when all is well', () => {
    assert.deepEqual(codes(literal('thumbprintSha256', 'A'.repeat(64))), []);
  });

  it('name secrets, gravest first', () => {
    assert.deepEqual(codes({ credential: 'secret', secret: { kind: 'literal' } }), ['secret-in-code']);
    const secret = { kind: 'environment', variable: 'S', hasFallback: true } as const;
    assert.deepEqual(codes({ credential: 'secret', secret }), ['uses-secret', 'secret-fallback-in-code']);
    assert.deepEqual(codes({ credential: 'secretAndCertificate' }), ['secret-and-certificate']);
  });

  it('name thumbprints that MSAL would read wrongly', () => {
    assert.deepEqual(codes(literal('thumbprintSha256', 'AA:BB')), ['thumbprint-not-hex']);
    assert.deepEqual(codes(literal('thumbprintSha256', '\u200e' + 'A'.repeat(64))), ['thumbprint-not-hex']);
    assert.deepEqual(codes(literal('thumbprintSha256', 'A'.repeat(40))), ['thumbprint-wrong-length']);
    assert.deepEqual(codes(literal('thumbprint', 'A'.repeat(64))), [
      'thumbprint-wrong-length',
      'thumbprint-deprecated',
    ]);
  });

  it('know what the installed msal-node can do', () => {
    const sha256 = literal('thumbprintSha256', 'A'.repeat(64));
    const msal = (version: string) => ({ ...sha256, msal: { version, source: 'installed' as const } });
    assert.deepEqual(codes(msal('2.10.0')), ['thumbprint-not-supported']);
    assert.deepEqual(codes(msal('2.11.0')), []);
    assert.deepEqual(codes({ ...sha256, msal: { source: 'unknown' } }), []);
    assert.deepEqual(codes(msal('2.8.0')), ['msal-sends-no-assertion', 'thumbprint-not-supported']);
  });
});
