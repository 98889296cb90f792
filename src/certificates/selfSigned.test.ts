import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isCancelled } from '../base/errors.ts';
import { certificatePem } from './privateKeyPem.ts';
import { selfSigned } from './selfSigned.ts';
import { inFolder, run, succeed } from './testing/programs.ts';

const day = 24 * 60 * 60 * 1000;

describe('a self-signed certificate', function () {
  this.timeout(120_000);
  it('is described as it is, with the key that belongs to it', async () => {
    const now = Date.UTC(2026, 10, 23, 12, 0, 0, 789);
    const made = await selfSigned({ subject: 'CN=ciam-client-app, O=Contoso', now });
    const { description } = made;
    assert.equal(description.subject, 'CN=ciam-client-app, O=Contoso');
    assert.equal(description.issuer, description.subject);
    assert.equal(description.notBefore, '2026-11-23T11:50:00.000Z');
    assert.equal(description.notAfter, '2027-11-23T11:50:00.000Z');
    assert.deepEqual([description.keyAlgorithm, description.keySize], ['RSA', 2048]);
    assert.deepEqual([description.keyUsage, description.extendedKeyUsage], [['digitalSignature'], ['clientAuth']]);
    assert.deepEqual([description.isCa, description.selfSigned, description.hasPrivateKey], [false, true, true]);
    assert.deepEqual([description.problems, description.chain], [[], []]);
    const certificate = new X509Certificate(made.certificateDer);
    assert.equal(description.thumbprintSha256, certificate.fingerprint256.replaceAll(':', ''));
    assert.equal(description.thumbprintSha1, certificate.fingerprint.replaceAll(':', ''));
    const key = createPrivateKey({ key: Buffer.from(made.privateKeyPkcs8), format: 'der', type: 'pkcs8' });
    assert.ok(certificate.checkPrivateKey(key));
    assert.ok(certificate.verify(certificate.publicKey));
  });

  it('is what openssl takes for a client certificate, and nothing else', async () => {
    const made = await selfSigned({ subject: 'CN="é, 漢字", O=a/b\\+c, C=de, E=a@b.example', keySize: 3072 });
    await inFolder(async (folder) => {
      const file = join(folder, 'app.crt');
      writeFileSync(file, certificatePem(made.certificateDer));
      const text = await succeed('openssl', [
        'x509',
        '-in',
        file,
        '-noout',
        '-text',
        '-nameopt',
        'RFC2253,-esc_msb,utf8',
      ]);
      assert.match(text, /Subject: CN=é\\, 漢字,O=a\/b\\\+c,C=DE,emailAddress=a@b\.example\n/);
      assert.match(text, /Version: 3[^]*Public-Key: \(3072 bit\)/);
      assert.match(text, /Signature Algorithm: sha256WithRSAEncryption/);
      assert.match(text, /Basic Constraints: critical\s+CA:FALSE\n/);
      assert.match(text, /Key Usage: critical\s+Digital Signature\n/);
      assert.match(text, /Extended Key Usage: \s+TLS Web Client Authentication\n/);
      const identifiers = [...text.matchAll(/Key Identifier: \s+([0-9A-F:]+)\n/g)].map((match) => match[1]);
      assert.equal(identifiers.length, 2);
      assert.equal(identifiers[0], identifiers[1]);
      await succeed('openssl', ['verify', '-x509_strict', '-purpose', 'sslclient', '-CAfile', file, file]);
      assert.notEqual((await run('openssl', ['verify', '-purpose', 'sslserver', '-CAfile', file, file])).exitCode, 0);
    });
  });

  it('carries the key identifier that openssl would compute', async () => {
    const { certificateDer } = await selfSigned({ subject: 'app' });
    await inFolder(async (folder) => {
      const file = join(folder, 'app.crt');
      writeFileSync(file, certificatePem(certificateDer));
      const own = await succeed('openssl', ['x509', '-in', file, '-noout', '-ext', 'subjectKeyIdentifier']);
      writeFileSync(join(folder, 'x.cnf'), '[x]\nsubjectKeyIdentifier=hash\n');
      const csr = await succeed('openssl', [
        'req',
        '-new',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        join(folder, 'x.key'),
        '-subj',
        '/CN=x',
      ]);
      writeFileSync(join(folder, 'x.csr'), csr);
      await succeed('openssl', ['x509', '-in', file, '-noout', '-pubkey', '-out', join(folder, 'x.pub')]);
      await succeed('openssl', [
        'x509',
        '-req',
        '-in',
        join(folder, 'x.csr'),
        '-force_pubkey',
        join(folder, 'x.pub'),
        '-signkey',
        join(folder, 'x.key'),
        '-extfile',
        join(folder, 'x.cnf'),
        '-extensions',
        'x',
        '-out',
        join(folder, 'y.crt'),
      ]);
      assert.equal(
        await succeed('openssl', ['x509', '-in', join(folder, 'y.crt'), '-noout', '-ext', 'subjectKeyIdentifier']),
        own,
      );
    });
  });

  it('lives exactly as long as asked, also beyond 2049', async () => {
    const now = Date.UTC(2041, 5, 1);
    const { description, certificateDer } = await selfSigned({ subject: 'app', validityDays: 3650, now });
    assert.equal(Date.parse(description.notAfter ?? '') - Date.parse(description.notBefore ?? ''), 3650 * day);
    assert.equal(description.notAfter, '2051-05-29T23:50:00.000Z');
    // The crypto library agrees on what the two date types mean.
    const { validFrom, validTo } = new X509Certificate(certificateDer);
    assert.equal(Date.parse(validFrom), Date.parse(description.notBefore ?? ''));
    assert.equal(Date.parse(validTo), Date.parse(description.notAfter ?? ''));
  });

  it('has another positive serial number each time, of up to 128 bits', async () => {
    const serials = new Set<string>();
    for (let i = 0; i < 6; i++) {
      const { serialNumber = '' } = (await selfSigned({ subject: 'app' })).description;
      assert.match(serialNumber, /^[0-9A-F]{24,32}$/);
      serials.add(serialNumber);
    }
    assert.equal(serials.size, 6);
  });

  it('is refused for what cannot be made', async () => {
    await assert.rejects(selfSigned({ subject: 'CN=a+OU=b' }), { code: 'subject-invalid' });
    await assert.rejects(selfSigned({ subject: 'app', validityDays: 4000 }), { code: 'validity-invalid' });
    await assert.rejects(selfSigned({ subject: 'app', keySize: 1024 as 2048 }), { code: 'key-size-invalid' });
  });

  it('is not made when it is cancelled, before or while the key is searched', async () => {
    const before = AbortSignal.abort();
    const never = selfSigned({ subject: 'app', keySize: 4096, signal: before }).catch((error: unknown) => error);
    assert.ok(isCancelled(await Promise.race([never, nextTurn('still searching')])));
    const controller = new AbortController();
    const made = selfSigned({ subject: 'app', keySize: 4096, signal: controller.signal });
    controller.abort();
    // At once: the search for the primes of such a key goes on for many turns of the event loop.
    const first = await Promise.race([made.catch((error: unknown) => error), nextTurn('still searching')]);
    assert.ok(isCancelled(first), String(first));
  });
});
