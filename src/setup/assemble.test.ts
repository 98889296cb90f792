import assert from 'node:assert/strict';
import type { AppConfig } from '../appConfig/types.ts';
import type { CertificateDescription } from '../certificates/types.ts';
import { notRegistered } from './assemble.ts';

describe('the hint to upload the certificate by hand', () => {
  const certificate = { subject: 'CN=web', notAfter: '2029-11-24T10:00:00.000Z' } as CertificateDescription;
  const files = [{ path: '/app/certs/web.crt', role: 'certificate', mode: 0o644, bytes: new Uint8Array() }] as const;
  const config = { clientId: { value: 'client-id', source: { kind: 'literal' } } } as AppConfig;

  for (const rewriteNow of [true, false])
    it(`has the directory accept it for as long as it lives (rewrite ${rewriteNow ? 'now' : 'later'})`, () => {
      const { message } = notRegistered({ config, certificate, files }, rewriteNow);
      assert.ok(
        message.endsWith(
          "Or run: az ad app credential reset --append --id 'client-id' --cert '@/app/certs/web.crt' --display-name 'CN=web' --end-date '2029-11-24T09:59:59Z'",
        ),
        message,
      );
    });
});
