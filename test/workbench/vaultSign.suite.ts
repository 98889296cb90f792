/** Set Up Client Certificate with a key that never leaves its vault: kinds, review, proof and result by keyboard, in every theme. */
import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { developer, startCloud } from '../host/cloud.ts';
import type { Cloud } from '../host/cloud.ts';
import { copySample, temporaryFolder } from '../host/samples.ts';
import { assertAccessible } from './accessibility.ts';
import { pictureFailure, startHost, themes } from './harness.ts';
import type { Host, Workbench } from './harness.ts';

const tenant = 'aaaaaaaa-0000-4000-8000-000000000001';
const internalTool = 'cccccccc-0000-4000-8000-000000000002';
const review = 'Review: Set Up Client Certificate';

describe('a key that never leaves its vault, set up by keyboard', function () {
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
    const { sandbox } = cloud;
    sandbox.vault('contoso-web').grants = [{ principal: '*', role: 'Key Vault Administrator' }];
    host = await startHost({ settings: cloud.settings, env: cloud.env });
    app = await copySample('workforce-esm', path.join(folder, 'app'));
    const values = {
      CLOUD_INSTANCE: `${sandbox.entraOrigin}/`,
      TENANT_ID: tenant,
      CLIENT_ID: internalTool,
      KNOWN_AUTHORITY: new URL(sandbox.entraOrigin).host,
      CLIENT_SECRET: sandbox.secrets['tool secret'] ?? '',
    };
    const lines = Object.entries(values).map(([name, value]) => `${name}="${value}"\n`);
    await writeFile(path.join(app, '.env'), lines.join(''));
    // What the app will need, so that nothing has to be installed here.
    const manifest = path.join(app, 'package.json');
    const json = JSON.parse(await readFile(manifest, 'utf8')) as { dependencies: Record<string, string> };
    for (const name of ['identity', 'keyvault-certificates', 'keyvault-keys'])
      json.dependencies[`@azure/${name}`] = '^4';
    await writeFile(manifest, JSON.stringify(json, undefined, 2));
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

  const everyTheme = async (name: string): Promise<void> => {
    for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
      await window.useTheme(theme);
      await window.screenshot(`${name}-${theme}`);
    }
  };

  it('recommends it, shows the module in the review, and proves it', async () => {
    await window.useTheme('highContrast');
    await window.command('Client Certificate: Set Up Client Certificate…');
    await window.pick('From Key Vault…', '(1/');
    await window.pick('contoso-web');
    await window.pick('locked-app');
    await window.waitForTitle('(2/');
    await window.screenshot('vault-sign-1-kinds-highContrast');
    await window.pick('Key Vault Signs, the Key Never Leaves It', '(2/');
    await window.waitForTitle(review);
    await window.screenshot('vault-sign-2-review-highContrast');
    await window.focusRow('keyVaultAssertion.js');
    await window.screenshot('vault-sign-3-module-highContrast');
    await window.pick('Apply', review);
    await window.webview().getByText('The app signs in with its certificate').first().waitFor();
    await window.webview().getByText('Key Vault Crypto User').first().waitFor();
    await everyTheme('vault-sign-4-result');
    await assertAccessible(window.page, '#report');
    const signings = cloud.sandbox.log.filter(({ path: at, status }) => at.endsWith('/sign') && status === 200);
    assert.ok(signings.length > 0);
    assert.ok(cloud.sandbox.log.every(({ path: at }) => !at.startsWith('/secrets')));
    assert.match(
      await readFile(path.join(app, 'src', 'msalConfig.js'), 'utf8'),
      /clientAssertion: keyVaultAssertion\b/,
    );
  });
});
