/** The main job from the palette on the sandbox: secret app → certificate → uploaded → rewritten → proven; then the app asks for a token. */
import assert from 'node:assert/strict';
import { randomUUID, X509Certificate } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { developer, startCloud } from '../host/cloud.ts';
import type { Cloud } from '../host/cloud.ts';
import { run } from '../host/run.ts';
import { copySample, temporaryFolder } from '../host/samples.ts';
import type { Application } from '../sandbox/entra/directory.ts';
import { pictureFailure, startHost } from './harness.ts';
import type { Host, Workbench } from './harness.ts';
import { assertLooksRight } from './looks.ts';

const tenant = 'aaaaaaaa-0000-4000-8000-000000000001';
const internalTool = 'cccccccc-0000-4000-8000-000000000002';
const review = 'Review: Set Up Client Certificate';

describe('the main job on the sandbox, clicked', function () {
  this.timeout(240_000);
  let folder: string;
  let app: string;
  let cloud: Cloud;
  let host: Host;
  let window: Workbench;
  let original: Pick<Application, 'keyCredentials' | 'passwordCredentials'>;

  before(async () => {
    folder = await temporaryFolder();
    cloud = await startCloud(folder);
    await cloud.logIn(developer);
    host = await startHost({ settings: cloud.settings, env: cloud.env });
    app = await copySample('workforce-esm', path.join(folder, 'app'));
    await writeFile(path.join(app, '.env'), secretEnvironment());
    const { keyCredentials, passwordCredentials } = tool();
    original = structuredClone({ keyCredentials, passwordCredentials });
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

  function secretEnvironment(): string {
    const { sandbox } = cloud;
    const values = {
      CLOUD_INSTANCE: `${sandbox.entraOrigin}/`,
      TENANT_ID: tenant,
      CLIENT_ID: internalTool,
      KNOWN_AUTHORITY: new URL(sandbox.entraOrigin).host,
      CLIENT_SECRET: sandbox.secrets['tool secret'] ?? '',
    };
    const lines = Object.entries(values).map(([name, value]) => `${name}="${value}"\n`);
    return lines.join('');
  }

  /** How an app signs in when its developer starts it. */
  async function howItSignsIn(folderOfApp = app): Promise<string | undefined> {
    const answer = await start(folderOfApp);
    assert.equal(answer.exitCode, 0, answer.output);
    return cloud.sandbox.tokenRequests.filter(({ proof }) => proof !== undefined).at(-1)?.proof?.kind;
  }

  const start = (folderOfApp: string) => {
    const env = { NODE_EXTRA_CA_CERTS: path.join(folder, 'ca.pem'), NODE_OPTIONS: undefined };
    return run(process.execPath, ['jobs/report.js'], { cwd: folderOfApp, env });
  };

  const tool = () => {
    const found = cloud.sandbox.state.directory.applications.find(({ appId }) => appId === internalTool);
    assert.ok(found);
    return found;
  };

  /** By keyboard alone, with a page of ours behind every list and dialog. */
  async function retire(): Promise<void> {
    await window.command('Client Certificate: Retire Client Secret…');
    await window.dialog.filter({ hasText: 'Does every deployment' }).waitFor();
    await window.acceptDialog();
    await window.waitForTitle('Retire Client Secret');
    await window.inputFocused();
    await window.press('Enter');
    await window.dialog.filter({ hasText: 'Remove the client secret from Internal Tool?' }).waitFor();
    await window.acceptDialog();
    await window.webview().getByText('The client secret is retired').waitFor();
  }

  it('uploads, rewrites and proves, and says so', async () => {
    assert.equal(await howItSignsIn(), 'secret');
    cloud.sandbox.graph.credentialDelaySeconds = 6;
    await window.command('Client Certificate: Set Up Client Certificate…');
    await window.pick('Create Self-Signed Certificate', '(1/');
    await window.pick('From a Key File', '(2/');
    await window.pick('Generate a Pass Phrase', '(3/');
    await window.waitForTitle(review);
    await window.screenshot('main-job-1-review');
    await window.pick('Apply', review);
    await window.page.getByText('does not know the certificate everywhere yet').first().waitFor();
    await window.screenshot('main-job-2-proof');
    await window.webview().getByText('The app signs in with its certificate').first().waitFor();
    await assertLooksRight(window, 'main-job-3-proven');
    assert.match(await readFile(path.join(app, 'src', 'msalConfig.js'), 'utf8'), /clientCertificate/);
    assert.equal(await howItSignsIn(), 'assertion');
  });

  it('proves again from the palette', async () => {
    await window.command('Client Certificate: Prove Sign-In');
    await window.webview().getByText('Sign-in with the certificate works').first().waitFor();
    await assertLooksRight(window, 'main-job-4-proof-report');
  });

  it('retires the secret by keyboard; from then on the app signs in with the certificate and no longer with the secret', async () => {
    const before = path.join(folder, 'before');
    await copySample('workforce-esm', before);
    await writeFile(path.join(before, '.env'), secretEnvironment());
    assert.equal(await howItSignsIn(before), 'secret');
    await retire();
    await window.screenshot('main-job-5-retired');
    const { exitCode, output } = await start(before);
    assert.notEqual(exitCode, 0);
    assert.match(output, /AADSTS7000215/);
    assert.equal(await howItSignsIn(), 'assertion');
    assert.doesNotMatch(await readFile(path.join(app, '.env'), 'utf8'), /CLIENT_SECRET/);
  });

  it('goes the same way with a certificate of a vault', async () => {
    Object.assign(tool(), structuredClone(original));
    cloud.sandbox.graph.credentialDelaySeconds = 0;
    app = await copySample('workforce-esm', path.join(folder, 'vault-app'));
    await writeFile(path.join(app, '.env'), secretEnvironment());
    window = await host.open({ workspace: app });
    await window.useTheme('light');
    await window.command('Client Certificate: Set Up Client Certificate…');
    await window.pick('From Key Vault…', '(1/');
    await window.pick('contoso-web');
    await window.pick('ciam-client-app');
    await window.pick('From a Key File', '(2/');
    await window.pick('Generate a Pass Phrase', '(3/');
    await window.pick('Apply', review);
    await window.webview().getByText('The app signs in with its certificate').first().waitFor();
    await retire();
    await window.screenshot('main-job-6-vault-retired-light');
    assert.deepEqual(
      tool().passwordCredentials.map(({ displayName }) => displayName),
      ['old tool secret'],
    );
    assert.equal(await howItSignsIn(), 'assertion');
  });

  it('stops where the account may not upload, hands over, and goes on when an administrator has uploaded', async () => {
    Object.assign(tool(), structuredClone(original));
    await cloud.logIn('reader@contoso.onmicrosoft.com');
    app = await copySample('workforce-esm', path.join(folder, 'reader-app'));
    await writeFile(path.join(app, '.env'), secretEnvironment());
    window = await host.open({ workspace: app });
    await window.useTheme('highContrast');
    await window.command('Client Certificate: Set Up Client Certificate…');
    await window.pick('Create Self-Signed Certificate', '(1/');
    await window.pick('From a Key File', '(2/');
    await window.pick('Generate a Pass Phrase', '(3/');
    await window.pick('Apply', review);
    await window.webview().getByText('has not been rewritten yet').first().waitFor();
    await assertLooksRight(window, 'main-job-7-stopped');
    await window.useTheme('highContrast');
    assert.equal(await howItSignsIn(), 'secret');
    await window.webview().getByRole('button', { name: 'Hand Over to an Administrator' }).click();
    await window.tab('README');
    await window.webview().getByText('Add a certificate to an app registration').waitFor();
    await window.screenshot('main-job-8-hand-over-high-contrast');
    // The administrator does what the page says, with the file that lies beside it.
    const made = await readdir(path.join(app, 'certs'), { recursive: true });
    const handedOver = made.find((name) => /^hand-over-.*\.cer$/.test(name)) ?? '';
    uploadAsAdministrator(await readFile(path.join(app, 'certs', handedOver)));
    await window.command('Client Certificate: Continue Setup…');
    await window.pick('Apply', 'Review');
    await window.webview().getByText('The app signs in with its certificate').first().waitFor();
    assert.equal(await howItSignsIn(), 'assertion');
  });

  /** What the portal does with the file. */
  function uploadAsAdministrator(cer: Buffer): void {
    const { raw, fingerprint, validFrom, validTo } = new X509Certificate(cer);
    tool().keyCredentials.push({
      keyId: randomUUID(),
      displayName: null,
      type: 'AsymmetricX509Cert',
      usage: 'Verify',
      key: raw.toString('base64'),
      customKeyIdentifier: fingerprint.replaceAll(':', ''),
      startDateTime: new Date(validFrom).toISOString(),
      endDateTime: new Date(validTo).toISOString(),
      usableFrom: 0,
    });
  }
});
