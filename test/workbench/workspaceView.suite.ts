/** The walkthrough to its end on the sandbox, and the view "This Workspace" beside it, looked at in every theme. */
import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { developer, startCloud } from '../host/cloud.ts';
import type { Cloud } from '../host/cloud.ts';
import { copySample, temporaryFolder } from '../host/samples.ts';
import { pictureFailure, startHost, themes } from './harness.ts';
import type { Host, Workbench } from './harness.ts';

const tenant = 'aaaaaaaa-0000-4000-8000-000000000001';
const internalTool = 'cccccccc-0000-4000-8000-000000000002';

describe('the walkthrough and the view of the workspace', function () {
  this.timeout(240_000);
  let folder: string;
  let cloud: Cloud;
  let host: Host;
  let window: Workbench;

  before(async () => {
    folder = await temporaryFolder();
    cloud = await startCloud(folder);
    await cloud.logIn(developer);
    cloud.sandbox.graph.credentialDelaySeconds = 0;
    host = await startHost({ settings: cloud.settings, env: cloud.env });
    const app = await copySample('workforce-esm', path.join(folder, 'app'));
    const { sandbox } = cloud;
    const values = {
      CLOUD_INSTANCE: `${sandbox.entraOrigin}/`,
      TENANT_ID: tenant,
      CLIENT_ID: internalTool,
      KNOWN_AUTHORITY: new URL(sandbox.entraOrigin).host,
      CLIENT_SECRET: sandbox.secrets['tool secret'] ?? '',
    };
    const lines = Object.entries(values).map(([name, value]) => `${name}="${value}"\n`);
    await writeFile(path.join(app, '.env'), lines.join(''));
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

  /** A row of the view by what a screen reader says of it. */
  const row = (spoken: string): Locator =>
    window.page.locator(`.pane-body .customview-tree .monaco-list-row[aria-label^=${JSON.stringify(spoken)}]`).first();
  const step = (id: string): Locator =>
    window.page.locator(`.getting-started-step[data-step-id$=${JSON.stringify(`#${id}`)}]`);
  const isDone = async (id: string): Promise<void> => {
    await step(id).locator('.codicon-getting-started-step-checked').first().waitFor();
  };
  const open = async (id: string): Promise<void> => {
    if (!(await step(id).getAttribute('class'))?.includes('expanded')) await step(id).click();
  };
  const inEveryTheme = async (name: string): Promise<void> => {
    for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
      await window.useTheme(theme);
      await window.screenshot(`${name}-${theme}`);
    }
    await window.useTheme('dark');
  };

  /** The page takes the focus whenever it is drawn: it is opened anew in each theme, where nothing else wants the keyboard. */
  const walkthroughInEveryTheme = async (id: string, name: string): Promise<void> => {
    await window.closeEditors();
    await window.command('View: Toggle Primary Side Bar Visibility');
    for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
      await window.useTheme(theme);
      await window.command('Client Certificate: Open Walkthrough');
      await step(id).waitFor();
      await open(id);
      await window.page.locator('.getting-started-media').first().waitFor();
      await window.screenshot(`${name}-${theme}`);
      await window.closeEditors();
    }
    await window.useTheme('dark');
    await window.command('View: Toggle Primary Side Bar Visibility');
  };

  it('shows the app with its secret, and what comes next', async () => {
    await window.page.locator('.activitybar .action-label[aria-label*="Client Certificates"]').click();
    await row('App config src').waitFor();
    await row('Certificate, next step, none yet').waitFor();
    await row('Secret retired, later').waitFor();
    await inEveryTheme('workspace-1-secret');
  });

  it('leads from the secret to the certificate, each step ticked off by what is so', async () => {
    await window.command('Client Certificate: Open Walkthrough');
    await step('find').waitFor();
    await isDone('find');
    assert.equal(await step('certificate').locator('.codicon-getting-started-step-checked').count(), 0);
    await walkthroughInEveryTheme('certificate', 'walkthrough-1-certificate');
    await window.command('Client Certificate: Open Walkthrough');
    await open('certificate');
    await step('certificate').getByRole('button', { name: 'Set Up Client Certificate…' }).click();
    await window.pick('Create Self-Signed Certificate', '(1/');
    await window.pick('From a Key File', '(2/');
    await window.pick('Generate a Pass Phrase', '(3/');
    await window.press('Enter');
    await window.pick('Apply', 'Review');
    await window.webview().getByText('signs in with its certificate').first().waitFor();
    await row('Sign-in proven, done').waitFor();
    await window.command('Client Certificate: Refresh This Workspace');
    await row('Secret retired, problem, the app registration still has').waitFor();
    await inEveryTheme('workspace-2-proven');
    await window.command('Client Certificate: Open Walkthrough');
    for (const id of ['find', 'certificate', 'upload', 'rewrite', 'prove']) await isDone(id);
    assert.equal(await step('retire').locator('.codicon-getting-started-step-checked').count(), 0);
    await open('retire');
    await window.screenshot('walkthrough-2-retire');
  });

  it('retires the secret from the row of the view', async () => {
    const retired = row('Secret retired, problem');
    await retired.hover();
    await retired.locator('.action-label[aria-label*="Retire Client Secret"]').click();
    await window.dialog.filter({ hasText: 'Does every deployment' }).waitFor();
    await window.acceptDialog();
    await window.waitForTitle('Retire Client Secret');
    await window.press('Enter');
    await window.dialog.filter({ hasText: 'Remove the client secret from Internal Tool?' }).waitFor();
    await window.dialog.getByRole('button', { name: 'Remove Secret' }).click();
    await window.webview().getByText('The client secret is retired').waitFor();
    // The seed's other secret has expired: nobody signs in with it.
    await row('Secret retired, done').waitFor();
    await window.command('Client Certificate: Open Walkthrough');
    await isDone('retire');
    await walkthroughInEveryTheme('retire', 'walkthrough-3-done');
  });
});
