import assert from 'node:assert/strict';
import type { AppConfig } from '../../appConfig/types.ts';
import type { RegisteredCertificate } from '../../azure/types.ts';
import { checkCertificateUnused, isStillRead } from './otherUsers.ts';

describe('a certificate that is to be removed', () => {
  const sha256 = 'AB12'.repeat(16);
  const sha1 = 'CD34'.repeat(10);
  const old = { keyId: 'k', thumbprintSha256: sha256, thumbprintSha1: sha1 } as RegisteredCertificate;
  const config = (file: string, thumbprint: string, appId?: string): AppConfig =>
    ({
      file,
      line: 3,
      certificate: { thumbprint: { value: thumbprint } },
      ...(appId === undefined ? {} : { clientId: { value: appId } }),
    }) as unknown as AppConfig;
  const own = config('/app/web.js', 'EF56'.repeat(16), 'app-1');
  const check =
    (...others: AppConfig[]) =>
    () => {
      checkCertificateUnused([own, ...others], own, old, (file) => file);
    };

  it('stays while another config of the app names it, in whatever form', () => {
    for (const form of [sha256, sha256.toLowerCase(), sha1, (sha1.match(/../g) ?? []).join(':')])
      assert.throws(check(config('/app/jobs.js', form, 'APP-1')), {
        code: 'certificate-still-used',
        message: /^\/app\/jobs\.js still signs in/,
      });
  });

  it('stays while a config of an app that the code does not tell names it', () => {
    assert.throws(check(config('/app/jobs.js', sha256)), { code: 'certificate-still-used' });
  });

  it('goes when others have other certificates or other app registrations', () => {
    check(config('/app/jobs.js', 'EF56'.repeat(16), 'app-1'), config('/app/other.js', sha256, 'app-2'))();
  });
});

describe('what a rotation has left', () => {
  const from = (variable: string) =>
    ({ kind: 'environment', variable, hasFallback: false, envFile: '/app/.env' }) as const;
  const other = {
    file: '/app/other.js',
    certificate: {
      thumbprint: { value: 'AB', source: from('THUMB') },
      keyPath: from('KEY_PATH'),
      passphrase: from('PASS'),
      keyFile: '/app/certs/web.key',
    },
  } as unknown as AppConfig;

  it('is none of it while another app reads it: a variable of the same file, a key, what lies beside that', () => {
    for (const variable of ['THUMB', 'KEY_PATH', 'PASS'])
      assert.ok(isStillRead({ file: '/app/.env', variable }, [other]));
    for (const file of ['web.key', 'web.crt', 'web.passphrase'])
      assert.ok(isStillRead({ file: `/app/certs/${file}` }, [other]));
  });

  it('is all the rest', () => {
    assert.ok(!isStillRead({ file: '/app/.env', variable: 'THUMB_2' }, [other]));
    assert.ok(!isStillRead({ file: '/app/sub/.env', variable: 'THUMB' }, [other]));
    assert.ok(!isStillRead({ file: '/app/certs/web-2.key' }, [other]));
    assert.ok(!isStillRead({ file: '/app/certs/web.key' }, [{ ...other, certificate: {} }]));
  });
});
