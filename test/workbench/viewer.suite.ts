/** The certificate viewer: opened from the explorer, its password typed in place, looked at in every theme. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '../host/samples.ts';
import { assertAccessible } from './accessibility.ts';
import { writeKinds } from './certificateKinds.ts';
import { pictureFailure, startHost } from './harness.ts';
import type { Host, Workbench } from './harness.ts';
import { assertLooksRight } from './looks.ts';

describe('the certificate viewer', function () {
  this.timeout(240_000);
  let folder: string;
  let host: Host;
  let workbench: Workbench;

  before(async () => {
    folder = await temporaryFolder();
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
    openssl(
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '200', '-subj', '/CN=ciam-client-app/O=Contoso'],
      ...['-keyout', 'app.key', '-out', 'app.crt', '-addext', 'extendedKeyUsage=clientAuth'],
    );
    openssl(
      'pkcs12',
      '-export',
      '-in',
      'app.crt',
      '-inkey',
      'app.key',
      '-out',
      'app.pfx',
      '-passout',
      'pass:opened in place',
    );
    await rm(path.join(folder, 'app.key'));
    await writeFile(path.join(folder, 'broken.pfx'), Buffer.from('3082010a02820101', 'hex'));
    host = await startHost();
    workbench = await host.open({ workspace: folder });
  });
  after(async () => {
    await host.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  afterEach(async function () {
    await pictureFailure(this, workbench);
  });

  it('asks for the password in place, tells a wrong one, and shows the certificate', async () => {
    await workbench.openFile('app.pfx');
    const page = workbench.webview();
    await page.locator('#answer:focus').waitFor();
    await workbench.type('not this one');
    await workbench.press('Enter');
    await page.locator('.problem').waitFor();
    await assertLooksRight(workbench, 'viewer-password', '.problem');
    // Where the cursor is after a theme was chosen is the editor's own affair.
    await page.locator('#answer').focus();
    await workbench.type('opened in place');
    await workbench.press('Enter');
    await page.locator('h1').filter({ hasText: 'CN=ciam-client-app' }).waitFor();
    await page.getByRole('img', { name: /^Valid from/ }).waitFor();
    await page.getByRole('button', { name: 'Use in App…' }).waitFor();
    await assertLooksRight(workbench, 'viewer');
  });

  it('leaves the focus in the explorer while a file is only previewed, and takes it when it is opened', async () => {
    await workbench.closeEditors();
    const row = workbench.page.locator('.explorer-folders-view .monaco-list-row').getByText('app.pfx', { exact: true });
    await row.click();
    const answer = workbench.webview().locator('#answer');
    await answer.waitFor();
    // Where the keys go once the page is drawn: the explorer's own menu opens.
    await workbench.press('Shift+F10');
    await workbench.page.locator('.context-view .action-label:visible').filter({ hasText: 'Rename' }).waitFor();
    await workbench.press('Escape');
    await row.dblclick();
    await workbench.webview().locator('#answer:focus').waitFor();
  });

  it('shows what can be said about a damaged file', async () => {
    await workbench.openFile('broken.pfx');
    await workbench.webview().locator('.note.error').first().waitFor();
    await assertLooksRight(workbench, 'viewer-broken');
  });

  it('shows files of more than 30 kinds for what they are', async () => {
    const kinds = writeKinds(folder);
    assert.ok(kinds.length > 30);
    for (const { file, shows } of kinds) {
      await workbench.openFile(file);
      const page = workbench.webview();
      await page.locator('h1').waitFor();
      const said = {
        certificate: page.getByRole('img', { name: /^Valid from/ }),
        key: page.locator('tbody').filter({ hasText: 'In this file' }),
        password: page.locator('#answer'),
        problem: page.locator('.note.error'),
      }[shows];
      await said
        .first()
        .waitFor()
        .catch(async () => assert.fail(`${file}: ${await page.locator('#report').innerText()}`));
      await assertAccessible(workbench.page, '#report h1');
      await workbench.press('ControlOrMeta+F4');
    }
  });
});
