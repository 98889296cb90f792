import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { isCancelled } from '../base/errors.ts';
import { csr } from './requests.ts';
import { succeed } from './testing/programs.ts';

describe('a certificate request', function () {
  this.timeout(120_000);
  it('is valid to openssl: signature, subject and what it asks for', async () => {
    const made = await csr({ subject: 'CN="é, 漢字", O=Contoso' });
    const text = await succeed(
      'openssl',
      ['req', '-verify', '-noout', '-text', '-pubkey', '-nameopt', 'RFC2253,-esc_msb,utf8'],
      { input: made.csrPem },
    );
    assert.match(text, /Version: 1 /);
    assert.match(text, /Subject: CN=é\\, 漢字,O=Contoso\n/);
    assert.match(text, /Key Usage: critical\s+Digital Signature\n/);
    assert.match(text, /Extended Key Usage: \s+TLS Web Client Authentication\n/);
    assert.match(text, /Signature Algorithm: sha256WithRSAEncryption/);
    const key = createPrivateKey({ key: Buffer.from(made.privateKeyPkcs8), format: 'der', type: 'pkcs8' });
    const pem = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
    assert.ok(text.includes(pem));
  });

  it('is refused for a bad subject, and not made when it is cancelled', async () => {
    await assert.rejects(csr({ subject: '' }), { code: 'subject-invalid' });
    const controller = new AbortController();
    const made = csr({ subject: 'app', signal: controller.signal });
    controller.abort();
    await assert.rejects(made, isCancelled);
  });
});
