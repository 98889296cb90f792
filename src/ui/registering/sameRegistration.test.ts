import assert from 'node:assert/strict';
import type { AppConfig, CredentialKind } from '../../appConfig/types.ts';
import { sameRegistration, unclearWarnings } from './sameRegistration.ts';

const config = (
  file: string,
  credential: CredentialKind,
  clientId?: string,
  more: Partial<AppConfig> = {},
): AppConfig => ({
  file,
  line: 4,
  column: 1,
  credential,
  tenantKind: 'workforce',
  moduleKind: 'commonjs',
  language: 'javascript',
  msal: { source: 'unknown' },
  appRoot: '/app',
  ...(clientId === undefined ? {} : { clientId: { value: clientId, source: { kind: 'literal' } } }),
  ...more,
});

describe('the other configs of an app registration', () => {
  const own = config('/app/a.js', 'certificate', 'APP-1');
  const paths = (configs: readonly AppConfig[]) => configs.map(({ file }) => file);

  it('are those of the same client id, each of which has to be proven', () => {
    const vault = {} as NonNullable<AppConfig['vault']>;
    const all = [
      own,
      { ...own, line: 9 },
      config('/app/b.js', 'certificate', 'app-1'),
      config('/app/c.js', 'assertion', 'app-1', { vault }),
      config('/app/foreign.js', 'assertion', 'app-1'),
      config('/app/d.js', 'certificate', 'app-2'),
    ];
    const { switched, usesSecret, unclear } = sameRegistration(all, own, 'App-1');
    assert.deepEqual(paths(switched), ['/app/a.js', '/app/b.js', '/app/c.js']);
    assert.deepEqual([usesSecret, unclear], [undefined, []]);
  });

  it('stop it where one uses the secret, also beside a certificate', () => {
    for (const credential of ['secret', 'secretAndCertificate'] as const) {
      const other = config('/app/b.js', credential, 'app-1');
      assert.equal(
        sameRegistration([own, config('/app/c.js', 'secret', 'app-2'), other], own, 'app-1').usesSecret,
        other,
      );
    }
  });

  it('are warned of where a secret is used and the client id is not known', () => {
    const all = [
      own,
      config('/app/b.js', 'secret'),
      config('/app/c.js', 'secret', ''),
      config('/app/d.js', 'certificate'),
    ];
    const { unclear, usesSecret } = sameRegistration(all, own, 'app-1');
    assert.deepEqual([paths(unclear), usesSecret], [['/app/b.js', '/app/c.js'], undefined]);
    const [warning] = unclearWarnings(unclear, 'Portal', (file) => file.slice(5));
    assert.match(warning?.message ?? '', /^b\.js line 4 signs in with a client secret.*Portal/);
    assert.deepEqual([warning?.code, warning?.file, warning?.line], ['client-id-not-known', '/app/b.js', 4]);
  });
});
