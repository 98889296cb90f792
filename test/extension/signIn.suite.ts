/** Signing in, against the sandbox. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { developer, externalTenant, useSandbox, workforceTenant } from './cloud.ts';
import type { CloudOfSuite } from './cloud.ts';
import { suite } from './runner.ts';

const signIn = (options: object = {}) =>
  vscode.commands.executeCommand<{ account?: string; tenant?: string; source: string }>(
    'clientCertificate.signIn',
    options,
  );

export const run = suite(() => {
  describe('Sign In', () => {
    let cloud: CloudOfSuite;
    before(async () => {
      cloud = await useSandbox({ az: developer });
    });
    after(async () => {
      await cloud.close();
    });

    it('signs in through the Azure CLI', async () => {
      assert.deepEqual(await signIn(), { account: developer, tenant: workforceTenant, source: 'azureCli' });
    });

    it('signs in to a tenant that the account is a guest of', async () => {
      assert.equal((await signIn({ tenant: externalTenant })).tenant, externalTenant);
    });

    it('signs in as an application through environment variables', async () => {
      await cloud.signInAs('environment');
      const { tenant, source } = await signIn();
      assert.deepEqual({ tenant, source }, { tenant: workforceTenant, source: 'environment' });
    });

    it('says of each way why it does not work', async () => {
      await cloud.signInAs('nobody');
      await assert.rejects(
        Promise.resolve(signIn()),
        (error: Error & { code?: string }) => error.code === 'sign-in-failed' && error.message.includes('az login'),
      );
    });

    it('forgets the account that was signed in', async () => {
      await cloud.signInAs({ az: developer });
      await signIn();
      await cloud.signInAs('nobody');
      await assert.rejects(Promise.resolve(signIn()));
    });

    it('stays signed out, whatever the Azure CLI would give, until somebody signs in', async () => {
      await cloud.signInAs({ az: developer });
      const list = () => vscode.commands.executeCommand('clientCertificate.listVaultCertificates', {});
      await list();
      await vscode.commands.executeCommand('clientCertificate.signOut', {});
      await assert.rejects(Promise.resolve(list()), { code: 'not-signed-in' });
      await signIn();
      await list();
    });

    it('is asked of nobody where a command is called without anybody there', async () => {
      await cloud.signInAs('nobody');
      const remove = (options: object) =>
        Promise.resolve(
          vscode.commands.executeCommand('clientCertificate.deleteInVault', {
            vault: cloud.sandbox.vaultOrigin('contoso-dev'),
            name: 'x',
            ...options,
          }),
        );
      await assert.rejects(remove({ confirm: false }), { code: 'not-signed-in' });
      await assert.rejects(remove({}), { code: 'sign-in-failed' });
    });

    it('says what is wrong with a custom cloud', async () => {
      const configuration = vscode.workspace.getConfiguration('clientCertificate');
      const good = configuration.get('customCloud');
      await configuration.update('customCloud', { login: 'http://x' }, vscode.ConfigurationTarget.Global);
      try {
        await assert.rejects(Promise.resolve(signIn()), { code: 'custom-cloud-invalid' });
      } finally {
        await configuration.update('customCloud', good, vscode.ConfigurationTarget.Global);
      }
    });
  });
});
