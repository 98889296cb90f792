import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { startSandbox } from '../sandbox.ts';
import type { Sandbox } from '../sandbox.ts';
import { clientsOf, collect, errorOf, whileTimePasses } from './testing.ts';
import type { VaultClients } from './testing.ts';
import { certificateUsages } from '../pki/read.ts';

const fast = { intervalInMs: 2 };
const selfPolicy = { issuerName: 'Self', subject: 'CN=app, O=Contoso', validityInMonths: 12 };

describe('vault creation', () => {
  let sandbox: Sandbox;
  let clients: VaultClients;

  before(async () => {
    sandbox = await startSandbox();
    clients = clientsOf(sandbox, 'contoso-web');
  });
  after(() => sandbox.close());

  describe('creating', () => {
    it('goes from 202 over inProgress to completed, and time passes in between [rec]', async () => {
      const created = await clients.ask('/certificates/wire-app/create', {
        json: { policy: { issuer: { name: 'Self' }, x509_props: { subject: 'CN=wire-app' } } },
      });
      assert.equal(created.status, 202);
      assert.match(
        created.headers.location ?? '',
        /\/certificates\/wire-app\/pending\?api-version=2025-07-01&request_id=[0-9a-f]{32}$/,
      );
      assert.equal(created.headers['retry-after'], '10');
      const { id, csr, request_id, ...rest } = created.body;
      assert.equal(id, `${clients.url}/certificates/wire-app/pending`);
      assert.match(String(request_id), /^[0-9a-f]{32}$/);
      assert.ok(Buffer.from(String(csr), 'base64').length > 200);
      assert.deepEqual(rest, {
        issuer: { name: 'Self' },
        cancellation_requested: false,
        status: 'inProgress',
        status_details:
          'Pending certificate created. Certificate request is in progress. This may take some time based on the issuer provider. Please check again later.',
      });
      const waiting = await clients.ask('/certificates/wire-app/');
      assert.equal(waiting.status, 200);
      assert.equal((waiting.body.attributes as { enabled: boolean }).enabled, false);
      for (const absent of ['kid', 'sid', 'x5t', 'cer']) assert.ok(!(absent in waiting.body));
      assert.deepEqual(waiting.body.pending, { id });
      sandbox.clock.advance(7000);
      const done = await clients.ask('/certificates/wire-app/pending');
      assert.equal(done.body.status, 'completed');
      assert.equal(done.body.target, `${clients.url}/certificates/wire-app`);
      assert.ok(!('status_details' in done.body));
    });

    it('fills in the defaults of the service [rec]', async () => {
      const { body } = await clients.ask('/certificates/wire-app/');
      const { id, attributes, ...policy } = body.policy as Record<string, unknown>;
      assert.equal(id, `${clients.url}/certificates/wire-app/policy`);
      assert.equal((attributes as { enabled: boolean }).enabled, true);
      assert.deepEqual(policy, {
        key_props: { exportable: true, kty: 'RSA', key_size: 2048, reuse_key: false },
        secret_props: { contentType: 'application/x-pkcs12' },
        x509_props: {
          subject: 'CN=wire-app',
          sans: {},
          ekus: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'],
          key_usage: ['digitalSignature', 'keyEncipherment'],
          validity_months: 12,
          basic_constraints: { ca: false },
        },
        lifetime_actions: [{ trigger: { lifetime_percentage: 80 }, action: { action_type: 'AutoRenew' } }],
        issuer: { name: 'Self' },
      });
    });

    it('has a bundle of the recorded shape [rec]', async () => {
      const { body } = await clients.ask('/certificates/wire-app/');
      const version = /\/([0-9a-f]{32})$/.exec(String(body.id))?.[1] ?? '';
      assert.equal(body.kid, `${clients.url}/keys/wire-app/${version}`);
      assert.equal(body.sid, `${clients.url}/secrets/wire-app/${version}`);
      const der = Buffer.from(String(body.cer), 'base64');
      assert.equal(body.x5t, createHash('sha1').update(der).digest('base64url'));
      assert.equal(body.x5t.length, 27);
      const attributes = body.attributes as Record<string, unknown>;
      assert.deepEqual(Object.keys(attributes), [
        'enabled',
        'nbf',
        'exp',
        'created',
        'updated',
        'recoveryLevel',
        'recoverableDays',
      ]);
      assert.ok(Number.isInteger(attributes.nbf));
      assert.deepEqual([attributes.recoveryLevel, attributes.recoverableDays], ['Recoverable+Purgeable', 90]);
      assert.deepEqual(body.pending, { id: `${clients.url}/certificates/wire-app/pending` });
    });

    it('makes a certificate through the SDK, with names reversed, dated ten minutes back [rec]', async () => {
      const poller = await clients.certificates.beginCreateCertificate('sdk-app', selfPolicy, fast);
      const made = await whileTimePasses(sandbox, poller.pollUntilDone());
      const certificate = new X509Certificate(made.cer ?? new Uint8Array());
      assert.equal(certificate.subject, 'O=Contoso\nCN=app');
      assert.ok(certificate.verify(certificate.publicKey));
      const { keyUsage, extendedKeyUsage } = certificateUsages(certificate.raw);
      assert.deepEqual(keyUsage, ['digitalSignature', 'keyEncipherment']);
      assert.deepEqual(extendedKeyUsage, ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
      const created = made.properties.createdOn?.getTime() ?? 0;
      assert.equal(created - certificate.validFromDate.getTime(), 600_000);
      assert.equal(certificate.serialNumber.length, 32);
    });

    it('makes a new version with another key, and the same key when the policy says so', async () => {
      const keyOf = async (): Promise<string> => {
        const poller = await clients.certificates.beginCreateCertificate(
          'sdk-app',
          { ...selfPolicy, reuseKey: true },
          fast,
        );
        const made = await whileTimePasses(sandbox, poller.pollUntilDone());
        return new X509Certificate(made.cer ?? new Uint8Array()).publicKey.export({ format: 'jwk' }).n ?? '';
      };
      const first = (await clients.certificates.getCertificate('sdk-app')).cer ?? new Uint8Array();
      const second = await keyOf();
      assert.equal(second, new X509Certificate(first).publicKey.export({ format: 'jwk' }).n);
      assert.equal(await keyOf(), second);
      assert.equal((await collect(clients.certificates.listPropertiesOfCertificateVersions('sdk-app'))).length, 3);
      const fresh = await clients.certificates.beginCreateCertificate('sdk-app', selfPolicy, fast);
      const other = await whileTimePasses(sandbox, fresh.pollUntilDone());
      assert.notEqual(new X509Certificate(other.cer ?? new Uint8Array()).publicKey.export({ format: 'jwk' }).n, second);
    });

    it('makes EC keys and certificates of a CA with its chain', async () => {
      const poller = await clients.certificates.beginCreateCertificate(
        'ca-app',
        {
          ...selfPolicy,
          issuerName: 'ContosoCA',
          keyType: 'EC',
          keyCurveName: 'P-384',
          contentType: 'application/x-pem-file',
        },
        fast,
      );
      const made = await whileTimePasses(sandbox, poller.pollUntilDone());
      const leaf = new X509Certificate(made.cer ?? new Uint8Array());
      assert.equal(leaf.issuer, 'O=Contoso\nCN=Contoso Issuing CA');
      assert.equal(leaf.publicKey.asymmetricKeyDetails?.namedCurve, 'secp384r1');
      const { value } = await clients.secrets.getSecret('ca-app');
      const [, own, issuer] =
        /([^]*?-----END CERTIFICATE-----\n)(-----BEGIN CERTIFICATE-----[^]*)$/.exec(value ?? '') ?? [];
      assert.ok(leaf.verify(new X509Certificate(issuer ?? '').publicKey));
      assert.ok(own?.startsWith('-----BEGIN PRIVATE KEY-----'));
    });

    it('refuses bad names, policies and issuers', async () => {
      const bad: [string, object][] = [
        ['under_score', selfPolicy],
        ['a'.repeat(128), selfPolicy],
        ['bad-subject', { ...selfPolicy, subject: 'no name' }],
        ['bad-size', { ...selfPolicy, keySize: 1024 }],
        ['bad-issuer', { ...selfPolicy, issuerName: 'NobodyCA' }],
        ['bad-trigger', { ...selfPolicy, lifetimeActions: [{ action: 'AutoRenew', lifetimePercentage: 100 }] }],
      ];
      for (const [name, policy] of bad) {
        const error = await errorOf(
          clients.certificates.beginCreateCertificate(name, policy as typeof selfPolicy, fast),
        );
        assert.deepEqual([error.statusCode, error.code], [400, 'BadParameter'], name);
      }
    });

    it('can be cancelled, and then no version is made', async () => {
      await clients.certificates.beginCreateCertificate('cancel-app', { ...selfPolicy, issuerName: 'ContosoCA' }, fast);
      const cancelled = await clients.ask('/certificates/cancel-app/pending', {
        method: 'PATCH',
        json: { cancellation_requested: true },
      });
      assert.deepEqual([cancelled.status, cancelled.body.cancellation_requested], [200, true]);
      sandbox.clock.advance(20_000);
      assert.equal((await clients.ask('/certificates/cancel-app/pending')).body.status, 'cancelled');
      const again = await clients.ask('/certificates/cancel-app/pending', {
        method: 'PATCH',
        json: { cancellation_requested: true },
      });
      assert.equal(again.status, 400);
      assert.deepEqual(await collect(clients.certificates.listPropertiesOfCertificateVersions('cancel-app')), []);
      assert.equal((await clients.ask('/certificates/cancel-app/pending', { method: 'DELETE' })).status, 200);
      const gone = await clients.ask('/certificates/cancel-app/pending');
      assert.deepEqual(
        [gone.status, gone.body.error],
        [404, { code: 'PendingCertificateNotFound', message: 'Pending certificate not found: cancel-app' }],
      );
      const shell = await clients.ask('/certificates/cancel-app/');
      assert.deepEqual([shell.status, 'pending' in shell.body], [200, false]);
    });

    it('can fail, with the reason in the operation', async () => {
      sandbox.vault('contoso-web').behaviour.creationFails = {
        code: 'CaRejected',
        message: 'The CA rejected the order.',
      };
      const poller = await clients.certificates.beginCreateCertificate('renewed-app', selfPolicy, fast);
      const error = await errorOf(whileTimePasses(sandbox, poller.pollUntilDone()));
      assert.match(error.message, /The CA rejected the order/);
      assert.equal((await clients.ask('/certificates/renewed-app/pending')).body.status, 'failed');
      delete sandbox.vault('contoso-web').behaviour.creationFails;
    });

    it('is refused while another creation is in progress', async () => {
      await clients.certificates.beginCreateCertificate('busy-app', selfPolicy, fast);
      const error = await errorOf(clients.certificates.beginCreateCertificate('busy-app', selfPolicy, fast));
      assert.deepEqual([error.statusCode, error.code], [409, 'Forbidden']);
      assert.match(error.message, /can not be created or imported while a pending/);
      const other = await clients.ask('/certificates/busy-app/pending?request_id=00000000000000000000000000000000');
      assert.equal(other.status, 404);
    });
  });
});
