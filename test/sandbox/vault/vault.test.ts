import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { startSandbox } from '../sandbox.ts';
import type { Sandbox } from '../sandbox.ts';
import { createAsk } from '../testing.ts';
import { clientsOf, collect, credentialOf, errorOf, whileTimePasses } from './testing.ts';
import type { VaultClients } from './testing.ts';
import { certificateUsages } from '../pki/read.ts';

const tenant = 'aaaaaaaa-0000-4000-8000-000000000001';
const fast = { intervalInMs: 2 };
const selfPolicy = { issuerName: 'Self', subject: 'CN=app, O=Contoso', validityInMonths: 12 };

describe('vault certificates', () => {
  let sandbox: Sandbox;
  let clients: VaultClients;

  before(async () => {
    sandbox = await startSandbox();
    clients = clientsOf(sandbox, 'contoso-web');
  });
  after(() => sandbox.close());

  describe('authentication [rec]', () => {
    const ask = (): ReturnType<typeof createAsk> => createAsk(sandbox.ca.certificatePem);

    it('challenges every request without a token, also one with a body', async () => {
      for (const path of ['/certificates', '/certificates/x/create', '/nonsense']) {
        const answer = await ask()(`${clients.url}${path}?api-version=7.4`, { json: {} });
        assert.equal(answer.status, 401);
        assert.deepEqual(answer.body, {
          error: { code: 'Unauthorized', message: 'AKV10000: Request is missing a Bearer or PoP token.' },
        });
        assert.equal(
          answer.headers['www-authenticate'],
          `Bearer authorization="${sandbox.entraOrigin}/${tenant}", resource="https://vault.azure.net"`,
        );
      }
    });

    it('refuses tokens of another tenant, for another resource, expired, or not its own', async () => {
      const user = 'dev@contoso.onmicrosoft.com';
      const vault = 'https://vault.azure.net';
      const cases: [string, RegExp][] = [
        [
          sandbox.userToken({ user, tenant: 'contosocustomers', resource: vault }),
          /^AKV10032: Invalid issuer\. Expected one of .*, found /,
        ],
        [sandbox.userToken({ user, resource: 'https://management.azure.com' }), /^AKV10022: /],
        [sandbox.userToken({ user, resource: vault, lifetime: -10 }), /expired/],
        [`${sandbox.userToken({ user, resource: vault })}x`, /^AKV10046: /],
        ['nonsense', /^AKV10046: /],
      ];
      for (const [token, message] of cases) {
        const answer = await ask()(`${clients.url}/certificates?api-version=7.4`, {
          headers: { authorization: `Bearer ${token}` },
        });
        assert.equal(answer.status, 401);
        assert.match((answer.body.error as { message: string }).message, message);
        assert.ok(answer.headers['www-authenticate']);
      }
    });

    it('gives the credential the tenant of the challenge, and sees the body only afterwards', async () => {
      const credential = credentialOf(sandbox);
      sandbox.log.length = 0;
      const { CertificateClient } = await import('@azure/keyvault-certificates');
      const client = new CertificateClient(clients.url, credential, {
        disableChallengeResourceVerification: true,
        tlsOptions: { ca: sandbox.ca.certificatePem },
      });
      await client.beginCreateCertificate('body-app', selfPolicy, fast);
      assert.deepEqual(credential.asked, [tenant]);
      const posts = sandbox.log.filter(({ method }) => method === 'POST');
      assert.deepEqual(
        posts.map(({ status, authorized, length }) => [status, authorized, length > 0]),
        [
          [401, false, false],
          [202, true, true],
        ],
      );
    });

    it('asks for claims, and takes the token that has them', async () => {
      sandbox.vault('contoso-dev').behaviour.requiredContext = 'c1';
      const answer = await clientsOf(sandbox, 'contoso-dev').ask('/certificates');
      assert.match(answer.headers['www-authenticate'] ?? '', /, error="insufficient_claims", claims="[\w+/=]+"$/);
      const claims = Buffer.from(
        /claims="([^"]+)"/.exec(answer.headers['www-authenticate'] ?? '')?.[1] ?? '',
        'base64',
      ).toString();
      const form = {
        grant_type: 'client_credentials',
        client_id: 'cccccccc-0000-4000-8000-000000000003',
        client_secret: sandbox.secrets['sandbox developer'] ?? '',
        scope: 'https://vault.azure.net/.default',
        claims,
      };
      const token = await ask()(`${sandbox.entraOrigin}/${tenant}/oauth2/v2.0/token`, { form });
      const good = await ask()(`${sandbox.vaultOrigin('contoso-dev')}/certificates?api-version=7.4`, {
        headers: { authorization: `Bearer ${String(token.body.access_token)}` },
      });
      assert.equal(good.status, 200);
      delete sandbox.vault('contoso-dev').behaviour.requiredContext;
    });

    it('wants an api-version, also with an escaped name', async () => {
      const bearer = {
        authorization: `Bearer ${sandbox.userToken({ user: 'dev@contoso.onmicrosoft.com', resource: 'https://vault.azure.net' })}`,
      };
      assert.equal((await ask()(`${clients.url}/certificates`, { headers: bearer })).status, 400);
      assert.equal((await ask()(`${clients.url}/certificates?api%2Dversion=7.4`, { headers: bearer })).status, 200);
      assert.equal((await ask()(`${clients.url}/certificates?api-version=1.0`, { headers: bearer })).status, 400);
    });
  });

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
      assert.equal(String(body.x5t).length, 27);
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

  describe('reading and listing', () => {
    it('pages by 25 with an absolute opaque nextLink and null at the end [rec]', async () => {
      await sandbox.addVault({ name: 'paged', subscriptionId: '55555555-0000-4000-8000-000000000001', bulk: 60 });
      const paged = clientsOf(sandbox, 'paged');
      const first = await paged.ask('/certificates');
      assert.equal((first.body.value as unknown[]).length, 25);
      const next = String(first.body.nextLink);
      assert.ok(next.startsWith(`${paged.url}/certificates?api-version=2025-07-01&$skiptoken=`));
      assert.ok(next.endsWith('&maxresults=25'));
      const names = (await collect(paged.certificates.listPropertiesOfCertificates())).map(({ name }) => name);
      assert.equal(names.length, 60);
      assert.equal(new Set(names).size, 60);
      const last = await paged.ask(
        '/certificates?maxresults=25&$skiptoken=' + Buffer.from('2!00000032!2!continue').toString('base64url'),
      );
      assert.deepEqual([(last.body.value as unknown[]).length, last.body.nextLink], [10, null]);
      assert.equal((await paged.ask('/certificates?maxresults=26')).status, 400);
      assert.equal((await paged.ask('/certificates?$skiptoken=nonsense')).status, 400);
      sandbox.vault('paged').behaviour.raggedPages = true;
      assert.equal((await collect(paged.certificates.listPropertiesOfCertificates())).length, 60);
    });

    it('lists items with base ids and without policy, recovery level and certificate [rec]', async () => {
      const { body } = await clients.ask('/certificates');
      const item =
        (body.value as Record<string, unknown>[]).find(({ id }) => String(id).endsWith('/ciam-client-app')) ?? {};
      assert.deepEqual(Object.keys(item), ['id', 'x5t', 'attributes', 'tags', 'subject']);
      assert.equal(item.id, `${clients.url}/certificates/ciam-client-app`);
      assert.deepEqual(Object.keys(item.attributes as object), ['enabled', 'nbf', 'exp', 'created', 'updated']);
      assert.equal(item.subject, '');
      const versions = await clients.ask('/certificates/ciam-client-app/versions');
      assert.match(
        String((versions.body.value as { id: string }[])[0]?.id),
        /\/certificates\/ciam-client-app\/[0-9a-f]{32}$/,
      );
    });

    it('hides certificates that never completed unless asked for them [rec]', async () => {
      const names = async (includePending: boolean): Promise<(string | undefined)[]> =>
        (await collect(clients.certificates.listPropertiesOfCertificates({ includePending }))).map(({ name }) => name);
      assert.ok(!(await names(false)).includes('pending-order'));
      assert.ok((await names(true)).includes('pending-order'));
      const { body } = await clients.ask('/certificates?includePending=true');
      const item =
        (body.value as Record<string, unknown>[]).find(({ id }) => String(id).endsWith('/pending-order')) ?? {};
      assert.deepEqual([(item.attributes as { enabled: boolean }).enabled, 'x5t' in item], [false, false]);
    });

    it('has 40 versions of one certificate, and names are case-insensitive', async () => {
      assert.ok((await collect(clients.certificates.listPropertiesOfCertificateVersions('renewed-app'))).length >= 40);
      assert.equal((await clients.certificates.getCertificate('RENEWED-App')).name, 'renewed-app');
    });

    it('updates properties and tags; left-out tags stay, empty ones clear', async () => {
      const { certificates } = clients;
      const version = (await certificates.getCertificate('expiring-app')).properties.version ?? '';
      await certificates.updateCertificateProperties('expiring-app', version, { enabled: false, tags: { a: '1' } });
      const changed = await certificates.updateCertificateProperties('expiring-app', '', { enabled: true });
      assert.deepEqual([changed.properties.enabled, changed.properties.tags], [true, { a: '1' }]);
      const cleared = await certificates.updateCertificateProperties('expiring-app', '', { tags: {} });
      assert.deepEqual(cleared.properties.tags, {});
    });

    it('changes the policy for the next version', async () => {
      const { certificates } = clients;
      await certificates.updateCertificatePolicy('expiring-app', {
        ...selfPolicy,
        validityInMonths: 6,
        exportable: false,
      });
      const policy = await certificates.getCertificatePolicy('expiring-app');
      assert.deepEqual([policy.validityInMonths, policy.exportable, policy.keySize], [6, false, 2048]);
    });

    it('says what is not there in the words of the service [rec]', async () => {
      const missing = await clients.ask('/certificates/nowhere/');
      assert.equal(missing.status, 404);
      assert.deepEqual(missing.body.error, {
        code: 'CertificateNotFound',
        message:
          'A certificate with (name/id) nowhere was not found in this key vault. If you recently deleted this certificate you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182',
      });
      assert.equal((await clients.ask('/certificates/ciam-client-app/00000000000000000000000000000000')).status, 404);
      assert.equal((await clients.ask('/certificates/a/b/c/d/e')).status, 400);
      assert.equal((await clients.ask('/certificates/ciam-client-app/', { method: 'PUT' })).status, 405);
    });
  });

  describe('issuers and contacts', () => {
    it('are kept', async () => {
      const { certificates } = clients;
      await certificates.createIssuer('NewCA', 'GlobalSign', { accountId: 'me', password: 'not-kept' });
      const issuer = await certificates.getIssuer('NewCA');
      assert.deepEqual([issuer.provider, issuer.accountId, issuer.password], ['GlobalSign', 'me', undefined]);
      await certificates.updateIssuer('NewCA', { accountId: 'you', provider: 'GlobalSign' });
      assert.equal((await certificates.getIssuer('NewCA')).accountId, 'you');
      const ids = (await collect(certificates.listPropertiesOfIssuers())).map(({ id }) => id?.split('/').at(-1));
      assert.deepEqual(ids, ['ContosoCA', 'NewCA']);
      await certificates.deleteIssuer('NewCA');
      assert.deepEqual([(await errorOf(certificates.getIssuer('NewCA'))).statusCode], [404]);
      await certificates.setContacts([{ email: 'a@contoso.example', name: 'A' }]);
      assert.deepEqual((await certificates.getContacts())?.length, 1);
      assert.deepEqual((await clients.ask('/certificates/contacts')).body.contacts, [
        { email: 'a@contoso.example', name: 'A' },
      ]);
      await certificates.deleteContacts();
      assert.equal((await errorOf(certificates.getContacts())).code, 'ContactsNotFound');
    });
  });
});
