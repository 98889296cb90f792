import assert from 'node:assert/strict';
import { useInVault, useOf } from './usedAlready.ts';

const mine = { thumbprintSha256: 'AB'.repeat(32), thumbprintSha1: 'AB'.repeat(20) };
const other = { thumbprintSha256: 'CD'.repeat(32), thumbprintSha1: 'CD'.repeat(20) };

describe('whether an app uses a certificate already', () => {
  it('is told by the thumbprint that it names, of either kind', () => {
    for (const named of [mine.thumbprintSha256.toLowerCase(), mine.thumbprintSha1]) {
      assert.equal(useOf(mine, { named }), 'same');
      assert.equal(useOf(other, { named }), 'other');
    }
    // The app names this certificate and has the key of another one: it cannot sign in.
    assert.equal(useOf(mine, { named: mine.thumbprintSha1, certificate: mine, keyMatches: false }), 'other');
  });

  it('is told by its key where the thumbprint is computed, and is unknown where neither can be seen', () => {
    assert.equal(useOf(mine, { certificate: mine, keyMatches: true }), 'same');
    assert.equal(useOf(mine, { named: '', certificate: other, keyMatches: true }), 'other');
    assert.equal(useOf(mine, { certificate: mine, keyMatches: false }), 'other');
    assert.equal(useOf(mine, {}), 'unknown');
  });

  it('is told by the names of the vault, where the app takes it from there', () => {
    const version = 'a'.repeat(32);
    const used = { origin: 'https://v.vault.azure.net', certificate: 'web', version };
    const asked = { origin: 'https://V.vault.azure.net/', name: 'WEB' };
    assert.equal(useInVault({ ...asked, version: version.toUpperCase(), exact: version.toUpperCase() }, used), 'same');
    assert.equal(useInVault({ ...asked, exact: version }, used), 'same');
    assert.equal(useInVault({ ...asked, exact: 'b'.repeat(32) }, used), 'other');
    assert.equal(useInVault({ ...asked, version: 'latest' }, used), 'other');
    assert.equal(useInVault({ ...asked, name: 'web2', exact: version }, used), 'other');
    const following = { ...used, version: 'latest' };
    assert.equal(useInVault({ ...asked, version: 'latest' }, following), 'same');
    assert.equal(useInVault(asked, following), 'same');
    assert.equal(useInVault({ ...asked, version, exact: version }, following), 'other');
  });
});
