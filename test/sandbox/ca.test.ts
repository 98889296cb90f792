import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { request, createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createTestCa } from './ca.ts';

describe('createTestCa', () => {
  const ca = createTestCa();

  it('makes a CA certificate that signs itself and may sign others', () => {
    const certificate = new X509Certificate(ca.certificatePem);
    assert.equal(certificate.ca, true);
    assert.ok(certificate.verify(certificate.publicKey));
    const server = new X509Certificate(ca.server.certificatePem);
    assert.ok(server.verify(certificate.publicKey));
    assert.ok(server.checkIssued(certificate));
    assert.equal(server.checkHost('localhost'), 'localhost');
    assert.equal(server.checkIP('127.0.0.1'), '127.0.0.1');
  });

  const ask = (host: string, trusted: string | undefined, served = ca.server): Promise<string> =>
    new Promise((resolve) => {
      const server = createServer({ cert: served.certificatePem, key: served.privateKeyPem }, (_, response) => {
        response.end('hello');
      }).listen(0, '127.0.0.1', () => {
        const done = (answer: string): void => {
          server.close();
          server.closeAllConnections();
          resolve(answer);
        };
        request({ host, port: (server.address() as AddressInfo).port, ca: trusted, agent: false }, (response) => {
          response.on('data', (data: Buffer) => {
            done(data.toString());
          });
        })
          .on('error', (error: NodeJS.ErrnoException) => {
            done(error.code ?? error.message);
          })
          .end();
      });
    });

  it('serves TLS to a client that trusts the CA, by name and by address', async () => {
    assert.equal(await ask('localhost', ca.certificatePem), 'hello');
    assert.equal(await ask('127.0.0.1', ca.certificatePem), 'hello');
  });

  it('is refused by a client that does not, and for a wrong name or an expired certificate', async () => {
    assert.equal(await ask('localhost', undefined), 'SELF_SIGNED_CERT_IN_CHAIN');
    const other = ca.serverFor({ dnsNames: ['elsewhere.example'] });
    assert.equal(await ask('localhost', ca.certificatePem, other), 'ERR_TLS_CERT_ALTNAME_INVALID');
    const old = ca.serverFor({ dnsNames: ['localhost'], notBefore: 1_600_000_000, notAfter: 1_600_000_600 });
    assert.equal(await ask('localhost', ca.certificatePem, old), 'CERT_HAS_EXPIRED');
  });
});
