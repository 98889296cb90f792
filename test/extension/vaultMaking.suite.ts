/** Vault certificates created by the command, cancelled, and names that are taken. Against the sandbox. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { CommandOptions } from '../../src/ui/automation.ts';
import type { Vault } from '../sandbox/vault/model.ts';
import { call, done, refused } from './calling.ts';
import { suite } from './runner.ts';
import { vaultWork, x509Of } from './vaultWork.ts';

export const run = suite(() => {
  const work = vaultWork();
  const vault = (): Vault => work.sandbox.vault('contoso-dev');
  const create = (options: CommandOptions['createInVault']) => done('createInVault', { vault: work.dev, ...options });

  describe('createInVault', () => {
    it('makes what suits a client credential from a name alone', async () => {
      const result = await create({ name: 'plain-app' });
      assert.ok(result.status === 'completed');
      const { policy } = work.stored('plain-app');
      const x509 = x509Of(work.newest('plain-app'));
      assert.equal(result.thumbprintSha256, x509.fingerprint256.replaceAll(':', ''));
      assert.equal(result.thumbprintSha1, x509.fingerprint.replaceAll(':', ''));
      assert.equal(result.notAfter, x509.validToDate.toISOString());
      assert.equal(x509.subject, 'CN=plain-app');
      assert.deepEqual(x509.keyUsage, ['1.3.6.1.5.5.7.3.2']);
      assert.deepEqual(policy.key_props, { exportable: true, kty: 'RSA', key_size: 2048, reuse_key: false });
    });

    it('takes every option', async () => {
      await create({
        name: 'full-app',
        subject: 'CN=full, O=Contoso',
        subjectAltNames: { dnsNames: ['full.contoso.com'], userPrincipalNames: ['full@contoso.com'] },
        keyType: 'RSA',
        keySize: 3072,
        exportable: false,
        reuseKey: true,
        contentType: 'pem',
        validityMonths: 6,
        lifetimeAction: { action: 'renew', atPercent: 75 },
        issuer: 'Self',
        enabled: false,
        tags: { app: 'full' },
      });
      const { policy, versions } = work.stored('full-app');
      assert.deepEqual(policy.key_props, { exportable: false, kty: 'RSA', key_size: 3072, reuse_key: true });
      assert.equal(policy.secret_props.contentType, 'application/x-pem-file');
      assert.equal(policy.x509_props.subject, 'CN=full, O=Contoso');
      assert.deepEqual(policy.x509_props.sans, { dns_names: ['full.contoso.com'], upns: ['full@contoso.com'] });
      assert.equal(policy.x509_props.validity_months, 6);
      assert.deepEqual(policy.lifetime_actions, [
        { trigger: { lifetime_percentage: 75 }, action: { action_type: 'AutoRenew' } },
      ]);
      assert.deepEqual([versions[0]?.enabled, versions[0]?.tags], [false, { app: 'full' }]);
    });

    it('orders from a CA of the vault, by the name of the vault', async () => {
      const result = await done('createInVault', { vault: 'contoso-web', name: 'ordered-app', issuer: 'ContosoCA' });
      assert.equal(result.status, 'completed');
      assert.equal(result.vault, work.sandbox.vaultOrigin('contoso-web'));
    });

    it('refuses what Entra or the vault would refuse, before anything is asked of the vault', async () => {
      const requests = work.sandbox.log.length;
      await refused('createInVault', { vault: work.dev, name: 'ec-app', keyType: 'EC' }, 'key-is-ec');
      await refused('createInVault', { vault: work.dev, name: 'no_underscores' }, 'invalid-options');
      await refused('createInVault', { vault: work.dev, name: 'x', subject: 'CN=' }, 'invalid-options');
      await refused(
        'createInVault',
        { vault: work.dev, name: 'x', subject: `CN=${'x'.repeat(200)}` },
        'invalid-options',
      );
      await refused('createInVault', { vault: work.dev, name: 'x', keySize: 1024 as never }, 'invalid-options');
      await refused(
        'createInVault',
        { vault: work.dev, name: 'x', lifetimeAction: { action: 'email' } },
        'invalid-options',
      );
      await refused('createInVault', { vault: 'https://evil.example', name: 'x' }, 'vault-not-in-cloud');
      assert.equal(work.sandbox.log.length, requests);
    });

    it("reports the vault's own reason when it refuses or fails", async () => {
      const error = await refused(
        'createInVault',
        { vault: work.dev, name: 'nobody', issuer: 'NoSuchCA' },
        'vault-refused-request',
      );
      assert.match(error.message, /NoSuchCA/);
      vault().behaviour.creationFails = { code: 'FailedCanRetry', message: 'The CA is on holiday.' };
      const failed = await refused('createInVault', { vault: work.dev, name: 'failing-app' }, 'creation-failed');
      assert.match(failed.message, /on holiday/);
      delete vault().behaviour.creationFails;
    });

    it('stops waiting when told to, and the result says so', async () => {
      vault().behaviour.creationSeconds = 3600;
      const result = await create({ name: 'slow-app', waitSeconds: 0 });
      assert.ok(result.status === 'inProgress');
      assert.match(result.details ?? '', /in progress/);
      assert.deepEqual(await done('cancelCreation', { vault: work.dev, name: 'slow-app', confirm: false }), {
        vault: work.dev,
        name: 'slow-app',
      });
      assert.equal(work.stored('slow-app').pending, undefined);
      await refused('cancelCreation', { vault: work.dev, name: 'slow-app', confirm: false }, 'no-pending-creation');
      vault().behaviour.creationSeconds = 0;
      assert.equal((await create({ name: 'slow-app' })).status, 'completed');
    });

    it('cancels in the vault when the user cancels half-way, and shows the words of the service before', async () => {
      vault().behaviour.creationSeconds = 3600;
      const { reports, result } = await cancelledAtFirstReport(() =>
        call('createInVault', { vault: work.dev, name: 'left-app' }),
      );
      assert.equal(result, undefined);
      assert.match(reports[0] ?? '', /request is in progress/);
      const { pending, versions } = work.stored('left-app');
      assert.deepEqual([pending, versions], [undefined, []]);
      vault().behaviour.creationSeconds = 0;
      assert.equal((await create({ name: 'left-app' })).status, 'completed');
    });
  });

  describe('a name that is taken', () => {
    it('is a conflict unless a new version is wanted', async () => {
      await create({ name: 'taken-app' });
      await refused('createInVault', { vault: work.dev, name: 'taken-app' }, 'certificate-exists');
      await refused('createInVault', { vault: work.dev, name: 'taken-app', onConflict: 'purge' }, 'certificate-exists');
      await create({ name: 'taken-app', onConflict: 'newVersion', subject: 'CN=second' });
      assert.equal(work.stored('taken-app').versions.length, 2);
    });

    it('can be recovered, or purged, where it belongs to a deleted certificate', async () => {
      const first = await create({ name: 'gone-app' });
      await done('deleteInVault', { vault: work.dev, name: 'gone-app', confirm: false });
      await refused('createInVault', { vault: work.dev, name: 'gone-app' }, 'name-soft-deleted');
      const recovered = await create({ name: 'gone-app', onConflict: 'recover' });
      assert.ok(recovered.status === 'recovered' && first.status === 'completed');
      assert.equal(recovered.thumbprintSha256, first.thumbprintSha256);
      await done('deleteInVault', { vault: work.dev, name: 'gone-app', confirm: false });
      const anew = await create({ name: 'gone-app', onConflict: 'purge', confirm: false });
      assert.ok(anew.status === 'completed');
      assert.notEqual(anew.thumbprintSha256, first.thumbprintSha256);
    });

    it('can be had by cancelling what is under way', async () => {
      await create({ name: 'waiting-app', issuer: 'Unknown', csrFile: work.file('waiting.csr') });
      await refused('createInVault', { vault: work.dev, name: 'waiting-app' }, 'creation-pending');
      assert.equal((await create({ name: 'waiting-app', onConflict: 'cancelPending' })).status, 'completed');
    });

    it('is a conflict with a secret of that name, which only the vault knows', async () => {
      vault().otherSecrets.push('a-secret');
      await refused('createInVault', { vault: work.dev, name: 'a-secret' }, 'name-taken');
    });
  });
});

/** Presses Cancel on the progress notification as soon as it says how far the work is. */
async function cancelledAtFirstReport<T>(work: () => Thenable<T>): Promise<{ reports: string[]; result: T }> {
  const reports: string[] = [];
  const { withProgress } = vscode.window;
  vscode.window.withProgress = (options, task) =>
    withProgress(options, (progress) => {
      const source = new vscode.CancellationTokenSource();
      const listening: typeof progress = {
        report(value) {
          progress.report(value);
          if (value.message === undefined) return;
          reports.push(value.message);
          source.cancel();
        },
      };
      return task(listening, source.token);
    });
  try {
    return { result: await work(), reports };
  } finally {
    vscode.window.withProgress = withProgress;
  }
}
