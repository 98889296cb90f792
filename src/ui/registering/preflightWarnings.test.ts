import assert from 'node:assert/strict';
import type { Preflight } from '../../azure/types.ts';
import { preflightWarnings, problemWarnings } from './preflightWarnings.ts';

const thumbprintSha256 = 'AB'.repeat(32);
const role = { code: 'registration-forbidden', severity: 'warning', message: 'Ask for the role.' } as const;
const policy = { code: 'policy-lifetime', severity: 'error', message: 'It lives too long.' } as const;

function found(problems: Preflight['problems'], certificates: Preflight['registration']['certificates'] = []) {
  const registration = { tenant: 't', appId: 'a', objectId: 'o', displayName: 'App', certificates, secrets: [] };
  return preflightWarnings({ registration, problems }, thumbprintSha256, '/app/auth.js');
}
const registered = (usage: string) => [{ keyId: 'k', thumbprintSha256, usage, type: 'AsymmetricX509Cert' }];

describe('what the review says about the upload', () => {
  it('is nothing where nothing is wrong, or the certificate is registered already', () => {
    assert.deepEqual([found([]), found([role, policy], registered('Verify'))], [[], []]);
    assert.notDeepEqual(found([role], registered('Encrypt')), []);
  });

  it('names the role, and that Apply then stops and waits for an administrator', () => {
    const [first, second, ...more] = found([role]);
    assert.deepEqual(first, { code: 'registration-forbidden', message: 'Ask for the role.', file: '/app/auth.js' });
    assert.match(second?.message ?? '', /stops before the app is rewritten.*"Hand Over to an Administrator"/);
    assert.deepEqual(more, []);
  });

  it('names the policy, and that Apply would be taken back', () => {
    const warnings = found([role, policy]);
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['registration-forbidden', 'policy-lifetime', 'upload-refused'],
    );
    assert.match(warnings[2]?.message ?? '', /takes back what it has made\. "Rewrite Later" keeps key and certificate/);
  });

  it('says what kept the preflight from looking', () => {
    const [first, second] = problemWarnings([{ code: 'sign-in-failed', message: 'Run az login.' }], '/app/auth.js');
    assert.equal(first?.message, 'Run az login.');
    assert.match(second?.message ?? '', /Hand Over/);
  });
});
