/** The view "Vault Certificates" as a person uses it, looked at in every theme. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { developer, startCloud } from '../host/cloud.ts';
import type { Cloud } from '../host/cloud.ts';
import { copySample, temporaryFolder } from '../host/samples.ts';
import { pictureFailure, startHost } from './harness.ts';
import type { Host, Workbench } from './harness.ts';
import { assertLooksRight } from './looks.ts';

describe('the view of vault certificates', function () {
  this.timeout(240_000);
  let folder: string;
  let cloud: Cloud;
  let host: Host;
  let workbench: Workbench;

  before(async () => {
    folder = await temporaryFolder();
    cloud = await startCloud(folder);
    await cloud.logIn(undefined);
    host = await startHost({ settings: cloud.settings, env: cloud.env });
    const app = await copySample('external-id-commonjs', path.join(folder, 'app'));
    workbench = await host.open({ workspace: app });
  });
  afterEach(async function () {
    await pictureFailure(this, workbench);
  });
  after(async () => {
    await host.stop();
    await cloud.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const pane = (): Locator => workbench.vaultView.locator('.customview-tree');
  const row = (label: string): Locator =>
    pane()
      .locator('.monaco-list-row')
      .filter({ has: workbench.page.getByText(label, { exact: true }) })
      .first();
  /** What a screen reader says of a row, once it contains the text. */
  const spoken = async (label: string, text: string): Promise<string> => {
    const found = pane()
      .locator(`.monaco-list-row[aria-label*=${JSON.stringify(text)}]`, { hasText: label })
      .first();
    await found.waitFor();
    return (await found.getAttribute('aria-label')) ?? '';
  };

  it('welcomes whoever is signed out, and fills when they sign in there', async () => {
    await workbench.openVaultView();
    const welcome = workbench.vaultView.locator('.welcome-view-content');
    const signIn = welcome.getByText('Sign In', { exact: true });
    await signIn.waitFor();
    await workbench.screenshot('vaults-signed-out');
    await cloud.logIn(developer);
    await signIn.click();
    await row('contoso-web').waitFor();
    assert.match(await spoken('contoso-web', '2 need action'), /^contoso-web, vault, 2 need action · 10 certificates$/);
    assert.match(
      await spoken('contoso-no-access', 'Key Vault Reader'),
      /no access, needs the role "Key Vault Reader", You may not do this in the vault contoso-no-access\./,
    );
    await workbench.page.locator('.activitybar .badge-content', { hasText: '2' }).waitFor();
  });

  it('opens vaults, certificates and versions by keyboard, and looks right in every theme', async () => {
    await row('contoso-web').click();
    await row('expired-app').waitFor();
    assert.match(await spoken('expiring-app', 'expires in 12 days'), /^expiring-app, expires in 12 days$/);
    // The arrow keys open the versions, Enter the details.
    const focused = pane().locator('.monaco-list-row.focused');
    for (let i = 0; i < 20 && !((await focused.textContent()) ?? '').includes('renewed-app'); i++)
      await workbench.press('ArrowDown');
    await workbench.press('ArrowRight');
    const versions = pane().locator('.monaco-list-row[aria-label^="version "]');
    await versions.first().waitFor();
    await versions.filter({ hasText: 'current' }).first().waitFor();
    await workbench.press('Enter');
    await workbench.tab('renewed-app');
    await workbench.webview().getByText('Newest version').waitFor();
    await workbench.webview().getByText('contoso-web', { exact: false }).first().waitFor();
    await workbench.command('Notifications: Clear All Notifications');
    await assertLooksRight(workbench, 'vaults');
  });

  it('tells everything in the tooltip', async () => {
    await row('ciam-client-app').hover();
    const hover = workbench.page.locator('.monaco-hover:visible', { hasText: 'SHA-256 thumbprint' });
    await hover.waitFor();
    const text = await hover.innerText();
    for (const part of [
      'CN=ciam-client-app, O=Contoso',
      'Issuer: itself',
      'Key: RSA, 2048 bits',
      'Renewal:',
      'app = portal',
    ]) {
      assert.ok(text.includes(part), `${part} is missing in: ${text}`);
    }
    await workbench.screenshot('vaults-tooltip');
    await workbench.press('Escape');
  });

  it('copies from the context menu', async () => {
    await row('pem-app').click({ button: 'right' });
    const menu = workbench.page.locator('.context-view .monaco-menu');
    await menu.getByText('Copy SHA-256 Thumbprint').waitFor();
    await workbench.screenshot('vaults-menu');
    await menu.getByText('Copy SHA-256 Thumbprint').click();
    await workbench.page
      .locator('.statusbar')
      .getByText(/Copied: [0-9A-F]{64}/)
      .waitFor();
  });

  it('filters, groups by expiry, and clears the filter again', async () => {
    await workbench.command('Client Certificate: Filter Vault Certificates…');
    await workbench.answer('app exp', { title: 'Filter Certificates' });
    await row('expired-app').waitFor();
    await row('pem-app').waitFor({ state: 'hidden' });
    await row('contoso-dev').waitFor({ state: 'hidden' });
    await workbench.screenshot('vaults-filter');
    await workbench.command('Client Certificate: Filter Vault Certificates…');
    await workbench.answer('nothing like it', { title: 'Filter Certificates' });
    await row('expired-app').waitFor({ state: 'hidden' });
    // Nobody knows what is in the vaults that refuse.
    await row('contoso-private').waitFor();
    await workbench.command('Client Certificate: Clear Filter of Vault Certificates');
    await row('contoso-dev').waitFor();
    await workbench.command('Client Certificate: Group Vault Certificates…');
    await workbench.pick('By Expiry');
    await row('Expired').waitFor();
    await row('expired-app').waitFor();
    await workbench.screenshot('vaults-by-expiry');
    await workbench.command('Client Certificate: Group Vault Certificates…');
    await workbench.pick('By Vault');
    await row('contoso-dev').waitFor();
  });

  it('pins from the row and shows deleted certificates', async () => {
    await row('contoso-web').hover();
    await row('contoso-web').locator('.action-label[aria-label*="Pin Vault"]').click();
    await spoken('contoso-web', 'pinned vault');
    const first = pane().locator('.monaco-list-row').first();
    await first.filter({ hasText: 'contoso-web' }).waitFor();
    await workbench.command('Client Certificate: Show Deleted Vault Certificates');
    await row('contoso-web').click();
    await spoken('deleted-app', 'gone for good');
    await workbench.screenshot('vaults-deleted');
  });

  it('is empty again after signing out', async () => {
    await cloud.logIn(undefined);
    await workbench.command('Client Certificate: Sign Out');
    await workbench.vaultView.locator('.welcome-view-content').getByText('Sign In', { exact: true }).waitFor();
    await row('contoso-web').waitFor({ state: 'hidden' });
  });
});
