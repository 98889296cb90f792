/** What is said before a certificate ends: in the status bar as long as it is so, in a notification once. */
import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { copySample, temporaryFolder } from '../host/samples.ts';
import { configWithCertificate, makeCertificate } from './configs.ts';
import { pictureFailure, startHost } from './harness.ts';
import type { Host, Workbench } from './harness.ts';
import { inEveryLook } from './looks.ts';

/** Days that are left, by the name of the app config that uses the certificate. */
const days = { healthy: 300, first: 20, second: 21, third: 22, fourth: 23 } as const;
type Name = keyof typeof days;

describe('reminders before a certificate ends', function () {
  this.timeout(300_000);
  let folder: string;
  let app: string;
  let host: Host;
  let window: Workbench;

  before(async () => {
    folder = await temporaryFolder();
    app = await copySample('workforce-esm', path.join(folder, 'app'));
    for (const [name, left] of Object.entries(days)) {
      const thumbprint = await makeCertificate(app, name, left);
      await writeFile(path.join(app, 'src', `${name}.js`), configWithCertificate(name, thumbprint));
    }
    host = await startHost();
    window = await host.open({ workspace: app });
  });
  afterEach(async function () {
    await pictureFailure(this, window);
  });
  after(async () => {
    await host.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const bar = (): Locator => window.page.locator('[id$="clientCertificate.expiry"]');
  const reminder = (name: Name): Locator =>
    window.notifications.filter({ hasText: `The client certificate of src/${name}.js expires in` });
  const button = (name: Name, label: string): Locator => reminder(name).getByRole('button', { name: label });
  /** Until its config is checked, which is when a reminder would come. */
  async function open(name: Name): Promise<void> {
    await window.openFile(`${name}.js`);
    await window.page
      .locator('.monaco-editor .codelens-decoration a')
      .filter({ hasText: `expires in ${days[name]} days` })
      .waitFor();
  }
  const close = async (name: Name): Promise<void> => {
    await window.page
      .locator('.tab.active')
      .filter({ hasText: `${name}.js` })
      .waitFor();
    await window.command('View: Close Editor');
    await window.page
      .locator('.tab')
      .filter({ hasText: `${name}.js` })
      .waitFor({ state: 'detached' });
  };

  it('are in the status bar only while something that is open expires soon', async () => {
    await open('healthy');
    assert.equal(await bar().count(), 0);
    await open('first');
    await bar().filter({ hasText: 'Certificate expires in 20 days' }).waitFor();
    await reminder('first').waitFor();
    await inEveryLook(window, async (look) => {
      await window.command('Notifications: Show Notifications');
      await button('first', 'Never for This One').waitFor();
      await window.screenshot(`reminder-${look}`);
    });
    await close('first');
    await bar().waitFor({ state: 'detached' });
  });

  it('lead to the rotation', async () => {
    await window.command('Notifications: Show Notifications');
    await button('first', 'Rotate…').click();
    await window.waitForTitle('Register the Certificate');
    await window.press('Escape');
    await window.quickInputClosed();
    await open('first');
    await bar().click();
    await window.waitForTitle('Register the Certificate');
    await window.press('Escape');
    await window.quickInputClosed();
    await close('first');
  });

  it('come once for a certificate and a threshold', async () => {
    await open('second');
    await button('second', 'Later').click();
    await reminder('second').waitFor({ state: 'detached' });
    await close('second');
    await open('first');
    await open('second');
    // One that is due comes after those that were looked at before it.
    await open('third');
    await reminder('third').waitFor();
    assert.equal(await reminder('first').count(), 0);
    assert.equal(await reminder('second').count(), 0);
  });

  it('stay away for good where nobody wants them, also after the window was loaded again', async () => {
    await button('third', 'Never for This One').click();
    await reminder('third').waitFor({ state: 'detached' });
    await reload();
    await open('third');
    await bar().waitFor();
    await open('fourth');
    await reminder('fourth').waitFor();
    for (const name of ['first', 'second', 'third'] as const) assert.equal(await reminder(name).count(), 0, name);
    await button('fourth', 'Later').click();

    // All of them pass the next threshold now.
    await mkdir(path.join(app, '.vscode'), { recursive: true });
    await writeFile(path.join(app, '.vscode', 'settings.json'), '{ "clientCertificate.expiry.urgentDays": 25 }\n');
    await reload();
    await open('third');
    await open('second');
    await reminder('second').waitFor();
    assert.equal(await reminder('third').count(), 0);
  });

  it('stay away where a setting says so', async () => {
    await writeFile(
      path.join(app, '.vscode', 'settings.json'),
      '{ "clientCertificate.expiry.urgentDays": 26, "clientCertificate.expiry.reminders": false }\n',
    );
    await reload();
    await open('first');
    await open('second');
    await bar().waitFor();
    await open('healthy');
    // Comes after whatever was to be said of the others.
    await window.page.locator('.codelens-decoration a').filter({ hasText: 'expires in 300 days' }).click();
    await window.notification('Nothing to complain about in src/healthy.js');
    assert.equal(await window.notifications.filter({ hasText: 'The client certificate of' }).count(), 0);
  });

  /** As a person does it: what is to be kept is written by then. */
  async function reload(): Promise<void> {
    const loaded = window.page.waitForEvent('load');
    await window.command('Developer: Reload Window');
    await loaded;
    await window.ready();
  }
});
