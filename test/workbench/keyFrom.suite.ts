/** How the app gets its key, asked by keyboard: all ways compared, the recommended one for the project, and at most four questions. */
import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { developer, startCloud } from '../host/cloud.ts';
import type { Cloud } from '../host/cloud.ts';
import { copySample, temporaryFolder } from '../host/samples.ts';
import { assertAccessible } from './accessibility.ts';
import { pictureFailure, startHost, themes } from './harness.ts';
import type { Host, Workbench } from './harness.ts';

const setUp = 'Client Certificate: Set Up Client Certificate…';
const review = 'Review: Set Up Client Certificate';

describe('How the app gets its key, by keyboard', function () {
  this.timeout(240_000);
  let folder: string;
  let cloud: Cloud;
  let host: Host;
  let window: Workbench | undefined;

  before(async () => {
    folder = await temporaryFolder();
    cloud = await startCloud(folder);
    cloud.sandbox.vault('contoso-web').grants = [{ principal: '*', role: 'Key Vault Administrator' }];
    host = await startHost({ settings: cloud.settings, env: cloud.env });
  });
  afterEach(async function () {
    await pictureFailure(this, window);
    await window?.close();
    window = undefined;
  });
  after(async () => {
    await host.stop();
    await cloud.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const everyTheme = async (on: Workbench, name: string): Promise<void> => {
    for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
      await on.useTheme(theme);
      await on.screenshot(`${name}-${theme}`);
    }
  };

  it('in a project for Azure it leads from a new certificate to one of a vault, and compares all ways', async () => {
    await cloud.logIn(developer);
    const app = await copySample('workforce-esm', path.join(folder, 'azure'));
    await writeFile(path.join(app, 'azure.yaml'), 'name: web\n');
    const before = await readFile(path.join(app, 'src', 'msalConfig.js'), 'utf8');
    window = await host.open({ workspace: app });
    for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
      await window.useTheme(theme);
      await window.command(setUp);
      await window.pick('Create Self-Signed Certificate', '(1/');
      await window.waitForTitle('(2/');
      await window.focusedRow.filter({ hasText: 'recommended: runs in Azure (azure.yaml)' }).waitFor();
      await window.screenshot(`key-from-1-azure-${theme}`);
      await window.press('Escape');
      await window.quickInputClosed();
    }
    await window.command(setUp);
    await window.pick('Create Self-Signed Certificate', '(1/');
    await window.waitForTitle('(2/');
    await window.quickInput.getByRole('button', { name: 'Compare the Four Ways' }).click();
    await window.webview().getByText('Recommended: runs in Azure (azure.yaml)').waitFor();
    // The question is still there, with the keyboard in it.
    await window.pick('Key Vault Signs, the Key Never Leaves It', '(2/');
    await window.pick('From Key Vault…', '(2/');
    await window.pick('contoso-web');
    await window.pick('locked-app');
    // The certificate is chosen and there is no key file to encrypt; in the sample's own tenant nobody is signed in.
    await window.waitForTitle('(3/3)');
    await window.message.filter({ hasText: 'Nobody is signed in' }).waitFor();
    await window.press('Escape');
    await window.quickInputClosed();
    await window.webview().getByText('The four ways compared').waitFor();
    await everyTheme(window, 'key-from-2-compared');
    await assertAccessible(window.page, '#report');
    assert.equal(await readFile(path.join(app, 'src', 'msalConfig.js'), 'utf8'), before);
  });

  it('says what an old msal-node cannot, and why, where it is offered', async () => {
    await cloud.logIn(developer);
    window = await host.open({ workspace: await copySample('workforce-esm', path.join(folder, 'old'), '1.18.4') });
    await window.useTheme('dark');
    await window.command(setUp);
    await window.pick('Create Self-Signed Certificate', '(1/');
    await window.waitForTitle('(2/');
    await window.focusedRow.filter({ hasText: 'recommended for one machine' }).waitFor();
    await window.pick('Key Vault Signs, the Key Never Leaves It', '(2/');
    await window.message.filter({ hasText: 'Install 2.8.1 or later' }).waitFor();
    await window.screenshot('key-from-3-too-old-dark');
    await window.press('Escape');
    await window.quickInputClosed();
  });

  it('with several apps and nobody signed in there are four questions, and the review asks who uploads', async () => {
    await cloud.logIn(undefined);
    const both = path.join(folder, 'both');
    const app = await copySample('workforce-esm', path.join(both, 'esm'));
    await copySample('external-id-commonjs', path.join(both, 'commonjs'));
    const config = path.join(app, 'src', 'msalConfig.js');
    window = await host.open({ workspace: both });
    await window.useTheme('light');
    await window.command(setUp);
    for (const answer of [
      'esm/src/msalConfig.js',
      'Create Self-Signed Certificate',
      'From a Key File',
      'Generate a Pass Phrase',
    ]) {
      await window.waitForTitle('/4)');
      await window.pick(answer);
    }
    await window.waitForTitle(review);
    await window.message.filter({ hasText: 'Nobody is signed in' }).waitFor();
    await window.screenshot('key-from-4-review-light');
    await window.pick('Rewrite Now, Upload Myself', review);
    await window.webview().getByText('The app is set up to use its certificate').waitFor();
    assert.match(await readFile(config, 'utf8'), /clientCertificate: \{/);
    await window.command('Client Certificate: Undo Setup…');
    await window.dialog.waitFor();
    await window.acceptDialog();
    await window.notification('undone');
    await window.command(setUp);
    for (const answer of ['esm/src/msalConfig.js', 'Create Self-Signed Certificate', 'From a Key File', 'Generate'])
      await window.pick(answer, '/4)');
    await window.pick('Hand Over to an Administrator', review);
    await window.webview().getByText('Continue Setup').first().waitFor();
    await window.screenshot('key-from-5-handed-over-light');
    assert.doesNotMatch(await readFile(config, 'utf8'), /clientCertificate: \{/);
  });
});
