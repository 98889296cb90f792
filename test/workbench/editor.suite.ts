/** An app config open in the editor: findings, quick fixes, hover, lens, language status, all by keyboard and looked at in every theme. */
import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { developer, startCloud } from '../host/cloud.ts';
import type { Cloud } from '../host/cloud.ts';
import { copySample, temporaryFolder } from '../host/samples.ts';
import { configWith, configWithCertificate, makeCertificate } from './configs.ts';
import { patience, pictureFailure, startHost } from './harness.ts';
import type { Host, Workbench } from './harness.ts';
import { inEveryLook } from './looks.ts';

/** What the key of a secret looks like; opens nothing. */
const secretCode = configWith(`clientSecret: 'abc~1.2-not-a-real-secret',`);

describe('an app config in the editor', function () {
  this.timeout(300_000);
  let folder: string;
  let app: string;
  let thumbprint: string;
  let cloud: Cloud;
  let host: Host;
  let window: Workbench;

  before(async () => {
    folder = await temporaryFolder();
    cloud = await startCloud(folder);
    await cloud.logIn(developer);
    cloud.sandbox.graph.credentialDelaySeconds = 0;
    app = await copySample('workforce-esm', path.join(folder, 'app'));
    await writeFile(path.join(app, '.env'), environmentOf(cloud));
    thumbprint = await makeCertificate(app, 'good', 300);
    await writeFile(path.join(app, 'src', 'secret.js'), secretCode);
    await writeFile(path.join(app, 'src', 'good.js'), configWithCertificate('good', thumbprint));
    host = await startHost({ settings: cloud.settings, env: cloud.env });
    window = await host.open({ workspace: app });
  });
  afterEach(async function () {
    await pictureFailure(this, window);
  });
  after(async () => {
    await host.stop();
    await cloud.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const squiggles = (severity: 'error' | 'warning'): Locator =>
    window.page.locator(`.monaco-editor .squiggly-${severity}`);
  const lenses = (text: string): Locator =>
    window.page.locator('.monaco-editor .codelens-decoration a').filter({ hasText: text });
  /** The list that Ctrl+. opens. */
  const fixes = (): Locator => window.page.locator('.action-widget .monaco-list-row');
  const languageStatus = (): Locator => window.page.locator('[id="status.languageStatus"] a');

  async function open(name: string): Promise<void> {
    await window.openFile(name);
    await window.page.locator('.monaco-editor.focused').waitFor();
  }

  /** Puts the cursor where the text begins in a file as it is on disk. */
  async function goTo(file: string, text: string): Promise<void> {
    const before = (await readFile(path.join(app, 'src', file), 'utf8')).split(text, 1)[0]?.split('\n') ?? [];
    await window.press('Control+g');
    await window.inputFocused();
    await window.press('ControlOrMeta+a');
    await window.type(`:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`);
    await window.press('Enter');
    await window.quickInputClosed();
    await window.page.locator('.monaco-editor.focused').waitFor();
  }

  /** Presses a key at a text until what it opens is there: a key that comes while a theme is being applied can be lost. */
  async function openAt(file: string, text: string, keys: string | readonly string[], opened: Locator): Promise<void> {
    for (let round = 0; round < 5; round++) {
      await goTo(file, text);
      await window.press(...[keys].flat());
      const isOpen = await opened.waitFor({ timeout: 10_000 }).then(
        () => true,
        () => false,
      );
      if (isOpen) return;
    }
    await opened.waitFor();
  }
  const openAtSecret = (key: string, opened: Locator) => openAt('secret.js', `'abc~`, key, opened);

  it('underlines a secret in the code, says why, and offers the way out', async () => {
    await open('secret.js');
    await squiggles('warning').first().waitFor();
    await lenses('client secret').waitFor();
    await inEveryLook(window, async (look) => {
      const peek = window.page.locator('.marker-widget');
      await openAtSecret('F8', peek.filter({ hasText: 'secret' }));
      await window.screenshot(`editor-1-finding-${look}`);
      await window.press('Escape');
      await peek.waitFor({ state: 'hidden' });
      await openAtSecret('Control+.', fixes().filter({ hasText: 'Set Up Client Certificate…' }).first());
      await window.screenshot(`editor-2-fixes-${look}`);
      await window.press('Escape');
      await fixes().first().waitFor({ state: 'hidden' });
    });
    await openAtSecret('Control+.', fixes().filter({ hasText: 'Set Up Client Certificate…' }).first());
    await window.press('Enter');
    await window.waitForTitle('Set Up Client Certificate (1/');
    await window.press('Escape');
    await window.quickInputClosed();
  });

  it('shows the state above the credential, and acts when that is clicked', async () => {
    await lenses('client secret').waitFor();
    await lenses('Set Up Client Certificate…').click();
    await window.waitForTitle('Set Up Client Certificate (1/');
    await window.press('Escape');
    await window.quickInputClosed();
    await open('good.js');
    await lenses('expires in 300 days · SHA-256').click();
    await window.notification('Nothing to complain about in src/good.js');
    await window.command('Notifications: Clear All Notifications');
    await lenses('Rotate…').waitFor();
    assert.equal(await squiggles('error').count(), 0);
    assert.equal(await squiggles('warning').count(), 0);
  });

  it('corrects a thumbprint with colons by Ctrl+.', async () => {
    const colons = thumbprint.match(/../g)?.join(':') ?? '';
    const file = path.join(app, 'src', 'colons.js');
    await writeFile(file, configWithCertificate('good', colons));
    await open('colons.js');
    await squiggles('error').first().waitFor();
    // VS Code asks for lenses only as long as the editor has the focus.
    await lenses('1 error').waitFor();
    const fix = fixes().filter({ hasText: 'Write the thumbprint as MSAL reads it' });
    await inEveryLook(window, async (look) => {
      await openAt('colons.js', colons, 'Control+.', fix);
      await window.screenshot(`editor-3-colons-${look}`);
      await window.press('Escape');
      await fixes().first().waitFor({ state: 'hidden' });
    });
    await openAt('colons.js', colons, 'Control+.', fix);
    await window.press('Enter');
    await window.page
      .locator('.monaco-editor .view-line')
      .filter({ hasText: thumbprint.slice(0, 20) })
      .waitFor();
    await squiggles('error').first().waitFor({ state: 'hidden' });
    await lenses('expires in 300 days').waitFor();
    await window.press('ControlOrMeta+s');
    await saved(file, configWithCertificate('good', thumbprint));
  });

  it('tells everything in the hover, opened and read by keyboard', async () => {
    await open('good.js');
    await lenses('expires in 300 days').waitFor();
    const hover = window.page.locator('.monaco-hover:visible').filter({ hasText: thumbprint });
    const showHover = ['ControlOrMeta+k', 'ControlOrMeta+i'];
    await inEveryLook(window, async (look) => {
      await openAt('good.js', 'clientCertificate', showHover, hover);
      await window.screenshot(`editor-4-hover-${look}`);
      await window.press('Escape');
      await hover.waitFor({ state: 'hidden' });
    });
    await openAt('good.js', 'clientCertificate', showHover, hover);
    const text = await hover.innerText();
    for (const part of ['Subject: CN=good', 'Valid until: ', 'SHA-1: ', 'msal-node: 7.2.3', 'Prove Sign-In']) {
      assert.ok(text.includes(part), `${part} is missing in: ${text}`);
    }
    await window.press('Escape');
  });

  it('has the state in the language status while a config is open', async () => {
    await open('good.js');
    await languageStatus().waitFor();
    const details = window.page.locator('.hover-language-status').filter({ hasText: 'expires in 300 days' });
    await inEveryLook(window, async (look) => {
      await languageStatus().click();
      await details.waitFor();
      await window.screenshot(`editor-5-language-status-${look}`);
      await window.press('Escape');
      await details.waitFor({ state: 'hidden' });
    });
    await languageStatus().click();
    await details.getByText('Check', { exact: true }).click();
    await window.notification('Nothing to complain about in src/good.js');
    await window.command('Notifications: Clear All Notifications');
    await open('app.js');
    await languageStatus().click();
    await window.page.locator('.hover-language-status').filter({ hasText: 'TypeScript version' }).waitFor();
    assert.equal(await details.count(), 0);
    await window.press('Escape');
  });

  it('tells above the credential what setup and proof have found', async () => {
    await open('msalConfig.js');
    await lenses('client secret').waitFor();
    await lenses('Set Up Client Certificate…').click();
    await window.pick('Create Self-Signed Certificate', '(1/');
    await window.pick('From a Key File', '(2/');
    await window.pick('Generate a Pass Phrase', '(3/');
    await window.pick('Apply', 'Review');
    await window.webview().getByText('The app signs in with its certificate').first().waitFor();
    await open('msalConfig.js');
    await lenses('registered ✓ · proven today').waitFor();
    await inEveryLook(window, (look) => window.screenshot(`editor-6-proven-${look}`));
    await lenses('Prove Sign-In').click();
    await window.webview().getByText('Sign-in with the certificate works').first().waitFor();
  });
});

/** What the sample reads its configuration from, with a secret of the sandbox's app registration "Internal Tool". */
function environmentOf({ sandbox }: Cloud): string {
  const values = {
    CLOUD_INSTANCE: `${sandbox.entraOrigin}/`,
    TENANT_ID: 'aaaaaaaa-0000-4000-8000-000000000001',
    CLIENT_ID: 'cccccccc-0000-4000-8000-000000000002',
    KNOWN_AUTHORITY: new URL(sandbox.entraOrigin).host,
    CLIENT_SECRET: sandbox.secrets['tool secret'] ?? '',
  };
  return Object.entries(values)
    .map(([name, value]) => `${name}="${value}"\n`)
    .join('');
}

/** Waits until the file on disk is so. */
async function saved(file: string, text: string): Promise<void> {
  for (const end = Date.now() + patience; (await readFile(file, 'utf8')) !== text;) {
    assert.ok(Date.now() < end, `${file} is not what it should be:\n${await readFile(file, 'utf8')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
