import assert from 'node:assert/strict';
import { startSandbox } from '../sandbox.ts';
import type { Sandbox } from '../sandbox.ts';
import { clientsOf, collect, errorOf } from './testing.ts';
import type { VaultClients } from './testing.ts';

const selfPolicy = { issuerName: 'Self', subject: 'CN=app, O=Contoso', validityInMonths: 12 };

describe('vault reading', () => {
  let sandbox: Sandbox;
  let clients: VaultClients;

  before(async () => {
    sandbox = await startSandbox();
    clients = clientsOf(sandbox, 'contoso-web');
  });
  after(() => sandbox.close());

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

    it('answers with the headers of the service [rec]', async () => {
      for (const path of ['/certificates', '/certificates/ciam-client-app/', '/certificates/nowhere/']) {
        const { headers } = await clients.ask(path);
        assert.equal(headers['cache-control'], 'no-cache');
        assert.match(String(headers['x-ms-request-id']), /^[0-9a-f-]{36}$/);
        assert.equal(headers['x-ms-keyvault-region'], sandbox.vault('contoso-web').location);
        assert.match(String(headers['x-ms-keyvault-service-version']), /^\d+\.\d+/);
        assert.match(String(headers['x-ms-keyvault-network-info']), /^conn_type=\w+;addr=/);
      }
    });

    it('has a first creation under way as a certificate without key, secret and thumbprint [rec]', async () => {
      const { status, body } = await clients.ask('/certificates/pending-order/');
      assert.equal(status, 200);
      assert.equal((body.attributes as { enabled: unknown }).enabled, false);
      assert.deepEqual(body.pending, { id: `${clients.url}/certificates/pending-order/pending` });
      assert.ok('policy' in body);
      for (const absent of ['kid', 'sid', 'x5t', 'cer']) assert.ok(!(absent in body), absent);
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
