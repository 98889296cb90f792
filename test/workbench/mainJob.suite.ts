/** The main job from the palette on the sandbox: secret app → certificate → uploaded → rewritten → proven; then the app asks for a token. */
import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { developer, startCloud } from '../host/cloud.ts';
import type { Cloud } from '../host/cloud.ts';
import { run } from '../host/run.ts';
import { copySample, temporaryFolder } from '../host/samples.ts';
import { pictureFailure, startHost, themes } from './harness.ts';
import type { Host, Workbench } from './harness.ts';

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

  before(async () => {
    folder = await temporaryFolder();
    cloud = await startCloud(folder);
    await cloud.logIn(developer);
    host = await startHost({ settings: cloud.settings, env: cloud.env });
    app = await copySample('workforce-esm', path.join(folder, 'app'));
    const { sandbox } = cloud;
    const values = {
      CLOUD_INSTANCE: `${sandbox.entraOrigin}/`,
      TENANT_ID: tenant,
      CLIENT_ID: internalTool,
      KNOWN_AUTHORITY: new URL(sandbox.entraOrigin).host,
      CLIENT_SECRET: sandbox.secrets['tool secret'] ?? '',
    };
    await writeFile(
      path.join(app, '.env'),
      Object.entries(values)
        .map(([name, value]) => `${name}="${value}"\n`)
        .join(''),
    );
    await writeFile(path.join(folder, 'ca.pem'), sandbox.ca.certificatePem);
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

  /** How the app signs in when its developer starts it. */
  async function howItSignsIn(): Promise<string | undefined> {
    const env = { NODE_EXTRA_CA_CERTS: path.join(folder, 'ca.pem'), NODE_OPTIONS: undefined };
    const answer = await run(process.execPath, ['jobs/report.js'], { cwd: app, env });
    assert.equal(answer.exitCode, 0, answer.output);
    return cloud.sandbox.tokenRequests.filter(({ proof }) => proof !== undefined).at(-1)?.proof?.kind;
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
    for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
      await window.useTheme(theme);
      await window.screenshot(`main-job-3-proven-${theme}`);
    }
    assert.match(await readFile(path.join(app, 'src', 'msalConfig.js'), 'utf8'), /clientCertificate/);
    assert.equal(await howItSignsIn(), 'assertion');
  });

  it('proves again from the palette', async () => {
    await window.command('Client Certificate: Prove Sign-In');
    await window.webview().getByText('Sign-in with the certificate works').first().waitFor();
    await window.screenshot('main-job-4-proof-report');
  });
});
