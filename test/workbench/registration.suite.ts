/** App registrations by keyboard, against the sandbox: upload, handing over, retiring the secret. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { developer, startCloud } from '../host/cloud.ts';
import type { Cloud } from '../host/cloud.ts';
import { copySample, temporaryFolder } from '../host/samples.ts';
import { pictureFailure, startHost } from './harness.ts';
import type { Host, Workbench } from './harness.ts';
import { assertLooksRight } from './looks.ts';

const workforceTenant = 'aaaaaaaa-0000-4000-8000-000000000001';
const internalTool = 'cccccccc-0000-4000-8000-000000000002';

const upload = 'Client Certificate: Upload to App Registration…';

describe('App registrations by keyboard', function () {
  this.timeout(240_000);
  let folder: string;
  let app: string;
  let cloud: Cloud;
  let host: Host;
  let window: Workbench;

  before(async () => {
    folder = await temporaryFolder();
    cloud = await startCloud(folder);
    host = await startHost({ settings: cloud.settings, env: cloud.env });
    app = await copySample('workforce-esm', path.join(folder, 'app'));
    const { sandbox } = cloud;
    const values = {
      CLOUD_INSTANCE: `${sandbox.entraOrigin}/`,
      TENANT_ID: workforceTenant,
      CLIENT_ID: internalTool,
      KNOWN_AUTHORITY: new URL(sandbox.entraOrigin).host,
      CLIENT_SECRET: sandbox.secrets['tool secret'] ?? '',
    };
    const lines = Object.entries(values).map(([name, value]) => `${name}="${value}"\n`);
    await writeFile(path.join(app, '.env'), lines.join(''));
    await writeFile(
      path.join(app, 'docker-compose.yml'),
      'services:\n  web:\n    environment:\n      - CLIENT_SECRET\n',
    );
    await mkdir(path.join(app, 'certs'));
    for (const name of ['laptop', 'server']) {
      execFileSync(
        'openssl',
        [
          ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '90', '-subj', `/CN=${name}`],
          ...['-keyout', path.join(folder, `${name}.key`), '-out', path.join(app, 'certs', `${name}.crt`)],
        ],
        { stdio: 'ignore' },
      );
    }
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

  const environment = () => readFile(path.join(app, '.env'), 'utf8');
  const tool = () => {
    const found = cloud.sandbox.state.directory.applications.find(({ appId }) => appId === internalTool);
    assert.ok(found);
    return found;
  };

  /** Chooses the n-th certificate of the workspace and goes on to the description, where there is one. */
  const chooseFile = async (name: string): Promise<void> => {
    await window.pick('In a file', 'Upload to App Registration');
    await window.pick(name);
  };

  it('uploads a certificate and asks for its description', async () => {
    await window.useTheme('dark');
    await window.command(upload);
    await window.waitForTitle('Upload to App Registration');
    await window.screenshot('dark-registration-1-where');
    await chooseFile('laptop.crt');
    await window.message.filter({ hasText: 'Description of the certificate' }).waitFor();
    await window.screenshot('dark-registration-2-description');
    await window.press('Enter');
    await window.notification('Internal Tool has the certificate now');
    await window.screenshot('dark-registration-3-uploaded');
    assert.equal(tool().keyCredentials.length, 2);
  });

  it('hands over where the account may not upload', async () => {
    await window.useTheme('light');
    await cloud.logIn('reader@contoso.onmicrosoft.com');
    await window.command('Client Certificate: Sign Out');
    await window.command(upload);
    await chooseFile('server.crt');
    await window.message.filter({ hasText: 'Description of the certificate' }).waitFor();
    await window.press('Enter');
    const refusal = await window.notification('may not change the app registration');
    await window.screenshot('light-registration-1-refused');
    await refusal.getByRole('button', { name: 'Hand Over to an Administrator' }).click();
    await window.tab('README');
    await window.webview().getByText('Add a certificate to an app registration').waitFor();
    await window.screenshot('light-registration-2-hand-over');
    const folders = (await readdir(path.join(app, 'certs'))).filter((name) => name.startsWith('hand-over-'));
    assert.equal(folders.length, 1);
    assert.equal(tool().keyCredentials.length, 2);
    await cloud.logIn(developer);
    await window.command('Client Certificate: Sign Out');
    // Signing out lasts until somebody signs in on purpose.
    await window.command('Client Certificate: Sign In');
    await window.notification('Signed in');
  });

  it('retires the secret after the whole job, with a way back for the files', async () => {
    await window.useTheme('dark');
    await window.command('Client Certificate: Set Up Client Certificate…');
    await window.pick('Create Self-Signed Certificate', '(1/');
    await window.pick('From a Key File', '(2/');
    await window.pick('Generate a Pass Phrase', '(3/');
    await window.press('Enter');
    await window.pick('Apply', 'Review');
    await window.webview().getByText('signs in with its certificate').first().waitFor();
    const before = await environment();
    await window.command('Client Certificate: Retire Client Secret…');
    await window.dialog.filter({ hasText: 'Does every deployment' }).waitFor();
    await window.screenshot('dark-registration-4-deployments');
    await window.acceptDialog();
    await window.waitForTitle('Retire Client Secret');
    await window.screenshot('dark-registration-5-which');
    await window.press('Enter');
    await window.dialog.filter({ hasText: 'Remove the client secret from Internal Tool?' }).waitFor();
    await window.screenshot('dark-registration-6-confirm');
    assert.equal(tool().passwordCredentials.length, 2);
    // The page below may take the focus back when the list closes; the dialog stays on top of it all the same.
    await window.dialog.getByRole('button', { name: 'Remove Secret' }).click();
    await window.webview().getByText('The client secret is retired').waitFor();
    await assertLooksRight(window, 'registration-7-retired');
    assert.deepEqual(
      tool().passwordCredentials.map(({ displayName }) => displayName),
      ['old tool secret'],
    );
    assert.doesNotMatch(await environment(), /CLIENT_SECRET/);
    await window.webview().getByRole('button', { name: 'Undo Local Changes' }).click();
    await window.notification('local files are as they were');
    assert.equal(await environment(), before);
  });
});
