/** Set Up Client Certificate with certificates of a vault, by keyboard, against the sandbox. */
import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { developer, startCloud } from '../host/cloud.ts';
import type { Cloud } from '../host/cloud.ts';
import { commitAll, copySample, temporaryFolder } from '../host/samples.ts';
import { pictureFailure, startHost } from './harness.ts';
import type { Host, Workbench } from './harness.ts';

const setUp = 'Client Certificate: Set Up Client Certificate…';
const review = 'Review: Set Up Client Certificate';
const rewriteNow = 'Rewrite Now, Upload Myself';

describe('Set Up Client Certificate from a vault by keyboard', function () {
  this.timeout(240_000);
  let folder: string;
  let app: string;
  let cloud: Cloud;
  let host: Host;
  let window: Workbench;

  before(async () => {
    folder = await temporaryFolder();
    cloud = await startCloud(folder);
    for (const vault of cloud.sandbox.state.vaults)
      Object.assign(vault.behaviour, { creationSeconds: 0, creationRetryAfter: 0, deletionLagSeconds: 0 });
    host = await startHost({ settings: cloud.settings, env: cloud.env });
    app = await copySample('workforce-esm', path.join(folder, 'app'));
    await commitAll(app);
    window = await host.open({ workspace: app });
  });
  after(async () => {
    await host.stop();
    await cloud.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  afterEach(async function () {
    await pictureFailure(this, window);
    await window.press('Escape');
  });

  const config = () => readFile(path.join(app, 'src', 'msalConfig.js'), 'utf8');

  it('says why nobody is signed in and offers the other ways; then the kinds that the certificate allows', async () => {
    await window.useTheme('dark');
    const before = await config();
    await cloud.logIn(undefined);
    await window.command(setUp);
    await window.pick('From Key Vault…', '(1/');
    await window.message.filter({ hasText: 'az login' }).waitFor();
    await window.screenshot('dark-vault-1-not-signed-in');
    await cloud.logIn(developer);
    await window.pick('From Key Vault…', '(1/');
    await window.pick('contoso-web');
    await window.pick('locked-app');
    await window.waitForTitle('(2/');
    await window.screenshot('dark-vault-2-kinds');
    await window.pick('From a Key File', '(2/');
    await window.message.filter({ hasText: 'never leaves' }).waitFor();
    await window.screenshot('dark-vault-3-not-exportable');
    await window.press('Escape');
    await window.quickInputClosed();
    assert.equal(await config(), before);
  });

  it('shows packages and the certificate of the vault in the review, and changes nothing before Apply', async () => {
    await window.useTheme('light');
    const before = await config();
    await window.command(setUp);
    await window.pick('From Key Vault…', '(1/');
    await window.pick('contoso-web');
    await window.pick('ciam-client-app');
    await window.pick('From Key Vault, When the App Starts', '(2/');
    await window.pick(rewriteNow, '(3/');
    await window.waitForTitle(review);
    await window.focusRow('ciam-client-app of ');
    await window.screenshot('light-vault-1-review');
    await window.press('Escape');
    await window.quickInputClosed();
    assert.equal(await config(), before);
  });

  it('removes what the vault made for it when the review is left', async () => {
    await window.useTheme('highContrast');
    const vault = cloud.sandbox.state.vaults.find(({ name }) => name === 'contoso-dev');
    const before = await config();
    await window.command(setUp);
    await window.pick('New in Key Vault…', '(1/');
    await window.pick('contoso-dev');
    await window.message.filter({ hasText: 'Name of the new certificate' }).waitFor();
    await window.answer('local-app');
    await window.message.filter({ hasText: 'has a certificate of this name' }).waitFor();
    await window.screenshot('high-contrast-vault-1-name-taken');
    await window.answer('made-for-review');
    await window.pick('From an Environment Variable', '(2/');
    await window.pick(rewriteNow, '(3/');
    await window.waitForTitle(review);
    assert.ok(vault?.certificates['made-for-review']);
    await window.screenshot('high-contrast-vault-2-review');
    await window.press('Escape');
    await window.quickInputClosed();
    await gone(() => vault.certificates['made-for-review'] ?? vault.deleted['made-for-review']);
    assert.equal(await config(), before);
  });
});

/** Waits until the vault, which is in this process, no longer has it. */
async function gone(read: () => unknown): Promise<void> {
  while (read() !== undefined) await new Promise((resolve) => setImmediate(resolve));
}
