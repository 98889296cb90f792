import assert from 'node:assert/strict';
import { startSandbox } from '../sandbox.ts';
import type { Sandbox } from '../sandbox.ts';
import { clientsOf, collect, errorOf, whileTimePasses } from './testing.ts';
import type { VaultClients } from './testing.ts';

const fast = { intervalInMs: 2 };

describe('vault deletion', () => {
  let sandbox: Sandbox;
  let clients: VaultClients;

  before(async () => {
    sandbox = await startSandbox();
    clients = clientsOf(sandbox, 'contoso-web');
  });
  after(() => sandbox.close());

  const deletedNames = async (): Promise<(string | undefined)[]> =>
    (await collect(clients.certificates.listDeletedCertificates())).map(({ name }) => name);

  it('answers 200 at once and shows the deleted certificate only after a while [rec]', async () => {
    const answer = await clients.ask('/certificates/pem-app', { method: 'DELETE' });
    assert.equal(answer.status, 200);
    assert.equal(answer.body.recoveryId, `${clients.url}/deletedcertificates/pem-app`);
    assert.equal(Number(answer.body.scheduledPurgeDate) - Number(answer.body.deletedDate), 90 * 86_400);
    const early = await clients.ask('/deletedcertificates/pem-app');
    assert.deepEqual(
      [early.status, (early.body.error as { message: string }).message],
      [404, 'Deleted Certificate not found: pem-app'],
    );
    assert.ok(!(await deletedNames()).includes('pem-app'));
    assert.equal((await clients.ask('/certificates/pem-app/')).status, 404);
    assert.equal((await clients.ask('/secrets/pem-app/')).status, 404);
    sandbox.clock.advance(5000);
    assert.equal((await clients.ask('/deletedcertificates/pem-app')).status, 200);
    assert.ok((await deletedNames()).includes('pem-app'));
  });

  it('lists deleted items with the recovery level [rec]', async () => {
    const { body } = await clients.ask('/deletedcertificates');
    const item = (body.value as Record<string, unknown>[]).find(({ id }) => String(id).endsWith('/deleted-app')) ?? {};
    const attributes = item.attributes as Record<string, unknown>;
    assert.deepEqual([attributes.recoveryLevel, attributes.recoverableDays], ['Recoverable+Purgeable', 90]);
    assert.equal(item.recoveryId, `${clients.url}/deletedcertificates/deleted-app`);
  });

  it('keeps the name of a deleted certificate until it is purged', async () => {
    const policy = { issuerName: 'Self', subject: 'CN=x' };
    const error = await errorOf(clients.certificates.beginCreateCertificate('pem-app', policy, fast));
    assert.deepEqual([error.statusCode, error.code, error.inner], [409, 'Conflict', 'ObjectIsDeletedButRecoverable']);
    assert.match(
      error.message,
      /^Certificate pem-app is currently in a deleted but recoverable state, and its name cannot be reused/,
    );
    const purged = await clients.ask('/deletedcertificates/pem-app', { method: 'DELETE' });
    assert.deepEqual([purged.status, purged.text], [204, '']);
    const moving = await errorOf(clients.certificates.beginCreateCertificate('pem-app', policy, fast));
    assert.equal(moving.inner, 'ObjectIsBeingDeleted');
    sandbox.clock.advance(5000);
    const poller = await clients.certificates.beginCreateCertificate('pem-app', policy, fast);
    assert.ok((await whileTimePasses(sandbox, poller.pollUntilDone())).cer);
  });

  it('deletes, recovers and purges through the SDK, all versions kept', async () => {
    const { certificates } = clients;
    const deleting = await certificates.beginDeleteCertificate('renewed-app', fast);
    await whileTimePasses(sandbox, deleting.pollUntilDone());
    const recovering = await certificates.beginRecoverDeletedCertificate('renewed-app', fast);
    await whileTimePasses(sandbox, recovering.pollUntilDone());
    assert.equal((await collect(certificates.listPropertiesOfCertificateVersions('renewed-app'))).length, 40);
    assert.ok(!(await deletedNames()).includes('renewed-app'));
    await certificates.purgeDeletedCertificate('deleted-app');
    assert.equal((await errorOf(certificates.getDeletedCertificate('deleted-app'))).statusCode, 404);
  });

  it('does not purge where purge protection is on, and shows the other recovery levels', async () => {
    const legacy = clientsOf(sandbox, 'contoso-legacy');
    const bundle = await legacy.ask('/certificates/legacy-app/');
    assert.equal((bundle.body.attributes as Record<string, unknown>).recoveryLevel, 'Recoverable');
    const dev = await clientsOf(sandbox, 'contoso-dev').ask('/certificates/local-app/');
    assert.equal((dev.body.attributes as Record<string, unknown>).recoveryLevel, 'CustomizedRecoverable+Purgeable');
    await legacy.ask('/certificates/legacy-app', { method: 'DELETE' });
    sandbox.clock.advance(5000);
    assert.equal((await errorOf(legacy.certificates.purgeDeletedCertificate('legacy-app'))).statusCode, 403);
  });

  it('restores a backup with its versions, in the same subscription only', async () => {
    const { certificates } = clients;
    const backup = await certificates.backupCertificate('ciam-client-app');
    assert.equal((await errorOf(certificates.restoreCertificateBackup(backup ?? new Uint8Array()))).statusCode, 409);
    const other = clientsOf(sandbox, 'contoso-dev');
    assert.equal(
      (await errorOf(other.certificates.restoreCertificateBackup(backup ?? new Uint8Array()))).statusCode,
      400,
    );
    const same = clientsOf(sandbox, 'contoso-certs-only');
    const restored = await same.certificates.restoreCertificateBackup(backup ?? new Uint8Array());
    assert.equal(restored.name, 'ciam-client-app');
    assert.equal((await errorOf(certificates.restoreCertificateBackup(Buffer.from('nonsense')))).statusCode, 400);
  });

  it('purges by itself when the retention ends', async () => {
    const dev = clientsOf(sandbox, 'contoso-dev');
    await dev.ask('/certificates/local-app', { method: 'DELETE' });
    sandbox.clock.advance(8 * 86_400_000);
    assert.deepEqual(await collect(dev.certificates.listDeletedCertificates()), []);
    sandbox.clock.advance(-8 * 86_400_000);
  });
});
