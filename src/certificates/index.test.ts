import assert from 'node:assert/strict';
import * as facade from './index.ts';
import type { Certificates } from './types.ts';

// The contract holds at compile time, or this does not type-check.
const contract: Certificates & { configureText: unknown } = facade;

describe('the facade of the certificates room', () => {
  it('exports what the contract has, and nothing else', () => {
    const exported = Object.keys(contract)
      .filter((name) => name !== 'default')
      .sort();
    assert.deepEqual(exported, [
      'certificatePem',
      'configureText',
      'csr',
      'fileNameFor',
      'generatePassphrase',
      'inspect',
      'joinSigned',
      'openCertificate',
      'openCredential',
      'openPrivateKey',
      'openPublic',
      'openSslPlan',
      'pkcs12',
      'powerShellPlan',
      'privateKeyPem',
      'readOpenSslVersion',
      'selfSigned',
      'validateName',
      'validateSubject',
      'validityWarning',
    ]);
  });
});
