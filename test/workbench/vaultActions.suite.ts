/** Vault certificates made, cancelled, deleted and fetched as a person does it, from the palette and the tree. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import type { Vault } from '../sandbox/vault/model.ts';
import { startCloud } from '../host/cloud.ts';
import type { Cloud } from '../host/cloud.ts';
import { copySample, temporaryFolder } from '../host/samples.ts';
import { patience, pictureFailure, startHost } from './harness.ts';
import type { Host, Workbench } from './harness.ts';

describe('vault certificates by hand', function () {
  this.timeout(240_000);
  let folder: string;
  let cloud: Cloud;
  let host: Host;
  let workbench: Workbench;

  before(async () => {
    folder = await temporaryFolder();
    cloud = await startCloud(folder);
    host = await startHost({ settings: cloud.settings, env: cloud.env });
    const app = await copySample('external-id-commonjs', path.join(folder, 'app'));
    workbench = await host.open({ workspace: app });
    Object.assign(web().behaviour, { creationSeconds: 0, creationRetryAfter: 0, deletionLagSeconds: 0 });
  });
  beforeEach(() => workbench.command('Notifications: Clear All Notifications'));
  afterEach(async function () {
    await pictureFailure(this, workbench);
  });
  after(async () => {
    await host.stop();
    await cloud.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const web = (): Vault => cloud.sandbox.vault('contoso-web');
  const row = (label: string): Locator =>
    workbench.vaultView
      .locator('.customview-tree .monaco-list-row')
      .filter({ has: workbench.page.getByText(label, { exact: true }) })
      .first();
  const title = 'Create Certificate in Vault';
  const inMenu = (label: string, item: string): Promise<void> => workbench.inContextMenu(row(label), item);

  it('creates one in three questions, and says while typing what is wrong with a name', async () => {
    await workbench.command(`Client Certificate: ${title}…`);
    await workbench.pick('contoso-web', title);
    await workbench.waitForTitle('2/3');
    await workbench.answer('no good', { accept: false });
    await workbench.message.filter({ hasText: 'letters, digits and hyphens' }).waitFor();
    await workbench.answer('deleted-app', { accept: false });
    await workbench.message.filter({ hasText: 'recover or to purge' }).waitFor();
    await workbench.screenshot('vault-create-name');
    await workbench.press('Enter');
    await workbench.quickInput.getByText('Recover the Deleted Certificate').waitFor();
    await workbench.screenshot('vault-create-conflict');
    await workbench.pick('Choose Another Name');
    await workbench.waitForTitle('2/3');
    await workbench.answer('by-hand-app');
    await workbench.waitForTitle('3/3');
    await workbench.quickInput.getByText('Before It Expires').waitFor();
    await workbench.screenshot('vault-create-options');
    await workbench.pick('Validity');
    await workbench.message.filter({ hasText: 'Months that the certificate is valid' }).waitFor();
    await workbench.answer('6');
    await workbench.quickInput.getByText('6 months', { exact: true }).waitFor();
    await workbench.pick('Create Certificate');
    const told = await workbench.notification('by-hand-app is in contoso-web, valid until');
    await told.getByText('Use in App…').waitFor();
    await workbench.screenshot('vault-created');
    assert.equal(web().certificates['by-hand-app']?.policy.x509_props.validity_months, 6);
  });

  it('shows it in the tree at once', async () => {
    await workbench.openVaultView();
    await row('contoso-web').click();
    await row('by-hand-app').waitFor();
  });

  it('cancels in the vault with the button of the notification', async () => {
    web().behaviour.creationSeconds = 3600;
    await inMenu('contoso-web', 'Create Certificate in Vault…');
    await workbench.answer('left-app', { title });
    await workbench.pick('Create Certificate', '2/2');
    const progress = await workbench.notification('Creating left-app in contoso-web');
    await progress.getByText('Certificate request is in progress').waitFor();
    await workbench.screenshot('vault-creating');
    await progress.getByText('Cancel', { exact: true }).click();
    await progress.waitFor({ state: 'hidden' });
    // The notification goes when it is pressed; the vault takes its time.
    await until('the creation is gone from the vault', () => web().certificates['left-app']?.pending === undefined);
    web().behaviour.creationSeconds = 0;
    assert.equal(web().certificates['left-app']?.versions.length, 0);
    assert.equal(await workbench.notifications.filter({ hasText: 'left-app' }).count(), 0, 'nothing is said');
  });

  it('deletes after a question that says what stops working', async () => {
    await inMenu('by-hand-app', 'Delete in Vault…');
    await workbench.dialog.getByText('Delete by-hand-app in contoso-web?').waitFor();
    await workbench.screenshot('vault-delete');
    await workbench.acceptDialog();
    await workbench.notification('by-hand-app is deleted from contoso-web');
    await row('by-hand-app').waitFor({ state: 'hidden' });
    assert.ok(web().deleted['by-hand-app']);
  });

  it('offers other ways for a key that cannot be had, before it asks where to', async () => {
    await inMenu('locked-app', 'Download Certificate with Private Key…');
    const refused = await workbench.notification('never leaves the vault');
    await workbench.screenshot('vault-not-exportable');
    await refused.getByText('Download Without Key…').click();
    await workbench.pick('Certificate (.cer)', 'Download Certificate');
    await workbench.pick('certs', 'Download Certificate');
    await workbench.notification('locked-app.cer is written');
  });
});

/** Waits for something that only the sandbox shows. */
async function until(what: string, condition: () => boolean): Promise<void> {
  const end = Date.now() + patience;
  while (!condition()) {
    assert.ok(Date.now() < end, `Not yet: ${what}.`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
