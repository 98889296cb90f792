/** Pages of commands that no other suite opens, looked at in every theme. The others look at theirs. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { copySample, temporaryFolder } from '../host/samples.ts';
import { pictureFailure, startHost } from './harness.ts';
import type { Host, Workbench } from './harness.ts';
import { assertLooksRight } from './looks.ts';

describe('pages of commands', function () {
  this.timeout(240_000);
  let folder: string;
  let host: Host;
  let window: Workbench;

  before(async () => {
    folder = await temporaryFolder();
    host = await startHost();
    window = await host.open({ workspace: await copySample('external-id-commonjs', path.join(folder, 'app')) });
  });
  afterEach(async function () {
    await pictureFailure(this, window);
  });
  after(async () => {
    await host.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('explain an error', async () => {
    await window.command('Client Certificate: Explain Error…');
    const error =
      'invalid_client: 7000215 - AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value.';
    await window.answer(error, { title: 'Explain Error' });
    await window.webview().getByText('What to do now').waitFor();
    await assertLooksRight(window, 'page-explanation');
  });

  it('show a new certificate and what comes next', async () => {
    await window.command('Client Certificate: Create Self-Signed Certificate…');
    await window.waitForTitle('Create Self-Signed Certificate (1/1)');
    await window.screenshot('page-create-options');
    await window.pick('Create Certificate');
    await window.webview().getByText('Upload it, then use it in your app').waitFor();
    await assertLooksRight(window, 'page-created');
  });
});
