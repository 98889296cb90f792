/** The vaults of an account through the commands of the view, against the sandbox. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { CommandResults } from '../../src/ui/automation.ts';
import { done as call } from './calling.ts';
import { developer, useSandbox } from './cloud.ts';
import type { CloudOfSuite } from './cloud.ts';
import { suite } from './runner.ts';

export const run = suite(() => {
  describe('the view of vault certificates', () => {
    let cloud: CloudOfSuite;
    before(async () => {
      cloud = await useSandbox({ az: developer });
    });
    after(async () => {
      await call('clearVaultFilter', {});
      await cloud.close();
    });

    const names = ({ certificates }: CommandResults['listVaultCertificates']) => certificates.map(({ name }) => name);

    it('lists all vaults, with the reasons of those that refuse', async () => {
      const { certificates, problems } = await call('listVaultCertificates', {});
      assert.equal(certificates.length, 13);
      assert.deepEqual(problems.map(({ name, code }) => `${name} ${code}`).sort(), [
        'contoso-firewall vault-firewall',
        'contoso-no-access vault-forbidden',
        'contoso-private vault-private',
      ]);
      const expiring = certificates.find(({ name }) => name === 'expiring-app');
      assert.deepEqual(
        [expiring?.vaultName, expiring?.state, expiring?.stateText],
        ['contoso-web', 'expiring', 'expires in 12 days'],
      );
    });

    it('filters, sorts and leaves out what needs no action', async () => {
      assert.deepEqual(names(await call('listVaultCertificates', { filter: 'contoso-web app=portal' })), [
        'ciam-client-app',
      ]);
      assert.deepEqual(names(await call('listVaultCertificates', { onlyExpiring: true, sortBy: 'expiry' })), [
        'expired-app',
        'expiring-app',
      ]);
      assert.equal((await call('listVaultCertificates', { vault: 'contoso-dev' })).certificates.length, 1);
      assert.deepEqual(await call('filterVaultCertificates', { text: ' exp ' }), { text: 'exp' });
    });

    it('opens, copies and finds in the portal', async () => {
      const vault = cloud.sandbox.vaultOrigin('contoso-web');
      const details = await call('openVaultCertificate', { vault, name: 'locked-app' });
      assert.equal(details.exportable, false);
      assert.match(details.subject ?? '', /locked-app/);
      assert.deepEqual([details.keyAlgorithm, details.keySize], ['RSA', 2048]);
      const { text } = await call('copySha256Thumbprint', { vault, name: 'locked-app' });
      assert.equal(text, details.thumbprintSha256);
      assert.equal(await vscode.env.clipboard.readText(), text);
      const base64url = await call('copyBase64UrlThumbprint', { vault: 'contoso-web', name: 'locked-app' });
      assert.equal(Buffer.from(base64url.text, 'base64url').toString('hex').toUpperCase(), text);
      assert.equal((await call('copyCertificateId', { vault, name: 'locked-app' })).text, details.id);
      const { address } = await call('showInPortal', { vault, name: 'locked-app' });
      assert.match(address, /^https:\/\/portal\.example\/.*locked-app$/);
      await assert.rejects(call('copySha1Thumbprint', { vault, name: 'pending-order' }), {
        code: 'certificate-pending',
      });
      await assert.rejects(call('openVaultCertificate', { vault, name: 'none-such' }), {
        code: 'certificate-not-found',
      });
    });

    it('adds, pins and removes vaults', async () => {
      const vault = cloud.sandbox.vaultOrigin('contoso-dev');
      assert.deepEqual(await call('addVault', { vault }), { name: 'contoso-dev', address: vault });
      assert.equal((await call('pinVault', { vault })).address, vault);
      assert.equal((await call('unpinVault', { vault })).address, vault);
      assert.equal((await call('removeVault', { vault })).address, vault);
      await assert.rejects(call('removeVault', { vault }), { code: 'vault-not-added' });
      await assert.rejects(call('addVault', { vault: 'https://evil.example' }), { code: 'vault-not-in-cloud' });
    });

    it('reads a vault anew', async () => {
      const vault = cloud.sandbox.vaultOrigin('contoso-dev');
      const certificates = cloud.sandbox.vault('contoso-dev').certificates;
      const one = certificates['local-app'];
      assert.ok(one);
      certificates['second-app'] = { ...one, name: 'second-app' };
      await call('refreshVaultItem', { vault });
      assert.deepEqual(names(await call('listVaultCertificates', { vault })), ['local-app', 'second-app']);
      delete certificates['second-app'];
      await call('refreshVaultItem', { vault, name: 'second-app' });
      assert.deepEqual(names(await call('listVaultCertificates', { vault })), ['local-app']);
    });

    it('pages through 10,000 certificates: one request a page and one challenge', async () => {
      const { certificates } = cloud.sandbox.vault('contoso-dev');
      const one = certificates['local-app'];
      assert.ok(one);
      for (let index = 1; index < 10_000; index++) certificates[`app-${index}`] = { ...one, name: `app-${index}` };
      const vault = cloud.sandbox.vaultOrigin('contoso-dev');
      const before = cloud.sandbox.log.length;
      await call('refreshVaultItem', { vault });
      const asked = cloud.sandbox.log.slice(before).filter(({ vault: name }) => name === 'contoso-dev');
      assert.ok(asked.length <= 401, `${asked.length} requests`);
      assert.equal((await call('listVaultCertificates', { vault })).certificates.length, 10_000);
      assert.equal((await call('listVaultCertificates', { vault, filter: 'app-9999' })).certificates.length, 1);
    });

    it('shows nothing of another account, and says who is signed out', async () => {
      await cloud.signInAs('nobody');
      await assert.rejects(
        call('listVaultCertificates', {}),
        ({ code }: { code?: string }) => code === 'not-signed-in' || code === 'sign-in-failed',
      );
      await cloud.signInAs({ az: developer });
      assert.ok((await call('listVaultCertificates', { vault: 'contoso-web' })).certificates.length > 0);
    });
  });
});
