import assert from 'node:assert/strict';
import { checkOptions } from '../options.ts';
import { uploadSchema } from './schemasRegistration.ts';

const certificateOf = (certificate: unknown) => checkOptions({ certificate }, uploadSchema).certificate;

describe('the certificate that is uploaded', () => {
  it('is a file, in the form of the other commands or in a short one', () => {
    const file = '/app/web.pfx';
    for (const given of [file, { file }, { kind: 'file', file }, { kind: 'file', file, privateKey: '/app/web.key' }])
      assert.deepEqual(certificateOf(given), { file });
    const passwords = { password: 'a', keyPassword: 'b', thumbprintSha256: 'AB' };
    assert.deepEqual(certificateOf({ kind: 'file', file, ...passwords }), { file, ...passwords });
  });

  it('is in a vault, in the form of the other commands or in a short one', () => {
    const inVault = { vault: 'contoso', name: 'web' };
    const version = 'a'.repeat(32);
    assert.deepEqual(certificateOf({ kind: 'vault', ...inVault, version }), { ...inVault, version });
    for (const given of [inVault, { kind: 'vault', ...inVault }, { kind: 'vault', ...inVault, version: 'latest' }])
      assert.deepEqual(certificateOf(given), inVault);
  });

  it('is nothing that would have to be made first, and has no other options', () => {
    for (const given of [{ kind: 'selfSigned' }, { kind: 'vaultNew', vault: 'v', name: 'n' }, { kind: 'file' }, {}])
      assert.throws(() => certificateOf(given), { code: 'invalid-options' });
    assert.throws(() => certificateOf({ kind: 'file', file: '/a', vault: 'v' }), { code: 'invalid-options' });
  });
});
