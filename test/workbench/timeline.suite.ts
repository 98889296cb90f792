/** The expiry timeline, looked at in every theme and used by keyboard. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { startCloud } from '../host/cloud.ts';
import type { Cloud } from '../host/cloud.ts';
import { copySample, temporaryFolder } from '../host/samples.ts';
import { pictureFailure, startHost } from './harness.ts';
import type { Host, Workbench } from './harness.ts';
import { assertLooksRight } from './looks.ts';

describe('the expiry timeline', function () {
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
  });
  after(async () => {
    await host.stop();
    await cloud.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  afterEach(async function () {
    await pictureFailure(this, workbench);
  });

  it('draws what the vaults hold, sorted by expiry, and shows a certificate that is chosen by keyboard', async () => {
    await workbench.command('Client Certificate: Sign In');
    await workbench.notification('Signed in as dev@contoso');
    await workbench.command('Client Certificate: Show Expiry Timeline');
    await workbench.tab('Expiry of Vault Certificates');
    const page = workbench.webview();
    await page.locator('#lead').filter({ hasText: 'sorted by expiry' }).waitFor();
    const first = page.locator('.row').first();
    await first.filter({ hasText: 'expired-app' }).waitFor();
    await page
      .getByRole('option', { name: /^expired-app in contoso-web: expired 3 days ago, valid/ })
      .first()
      .waitFor();

    await page.locator('#list').focus();
    await workbench.press('ArrowDown', 'ArrowDown');
    await page.locator('#details h2').filter({ hasText: 'expiring-app in contoso-web' }).waitFor();
    await page.locator('#details code').first().waitFor();
    await assertLooksRight(workbench, 'timeline', '.row.active');
  });
});
