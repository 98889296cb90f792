/** Walks through the main job on a sample app, as the suites do, and takes the pictures of the README. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '../host/cache.ts';
import { connectSample, startCloud } from '../host/cloud.ts';
import { runOrThrow } from '../host/run.ts';
import { commitAll, copySample, temporaryFolder } from '../host/samples.ts';
import { startHost } from './harness.ts';
import type { Workbench } from './harness.ts';

const pictures = path.join(projectRoot, 'media', 'readme');
/** Small enough for the text to be read at the width that a README has. */
const size = { width: 900, height: 560 };

/** Makes every picture anew; those that no longer belong to the tour go. */
export async function tour(): Promise<void> {
  await runOrThrow(process.execPath, ['esbuild.js']);
  await rm(pictures, { recursive: true, force: true });
  await mkdir(pictures, { recursive: true });
  const folder = await temporaryFolder();
  const cloud = await startCloud(folder);
  const host = await startHost({ settings: cloud.settings, env: cloud.env });
  try {
    const app = await copySample('external-id-commonjs', path.join(folder, 'club-members'));
    await connectSample(app, cloud, 'externalId');
    await commitAll(app);
    const window = await host.open({ workspace: app });
    await window.page.setViewportSize(size);
    await window.useTheme('light');
    await window.command('View: Toggle Primary Side Bar Visibility');
    await walk(window).catch(lookedAt(window));
    await lookAtVaults(window).catch(lookedAt(window));
    await window.close();
  } finally {
    await host.stop();
    await cloud.close();
    await rm(folder, { recursive: true, force: true });
  }
  console.log((await readdir(pictures)).map((name) => path.join('media', 'readme', name)).join('\n'));
}

/** Keeps what was on the screen when the tour got stuck. */
function lookedAt(window: Workbench): (error: unknown) => Promise<never> {
  return async (error) => {
    await window.screenshot('failed-tour');
    throw error;
  };
}

async function walk(window: Workbench): Promise<void> {
  const review = 'Review: Set Up Client Certificate';
  await window.command('Client Certificate: Set Up Client Certificate…');
  await window.waitForTitle('(1/');
  await window.pick('Create Self-Signed Certificate', '(1/');
  await window.pick('From a Key File', '(2/');
  await window.pick('Generate a Pass Phrase', '(3/');
  await window.waitForTitle(review);
  await take(window, 'review');
  await window.pick('Apply', review);
  await window.webview().getByText('The app signs in with its certificate').first().waitFor();
  await take(window, 'result');
}

/** The vaults' certificates: how long they are valid, and the view beside the app's own checklist. */
async function lookAtVaults(window: Workbench): Promise<void> {
  await window.command('View: Close All Editors');
  await window.command('Client Certificate: Show Expiry Timeline');
  const page = window.webview();
  await page.locator('#lead').filter({ hasText: 'sorted by expiry' }).waitFor();
  await page.locator('.row').filter({ hasText: 'expiring-app' }).first().click();
  await page.locator('#details code').first().waitFor();
  await take(window, 'timeline');
  await window.openVaultView();
  const rows = window.vaultView.locator('.monaco-list-row');
  const row = (label: string) => rows.filter({ has: window.page.getByText(label, { exact: true }) }).first();
  await row('contoso-web').click();
  await row('expired-app').click();
  await window.webview().getByText('Newest version').waitFor();
  // Away from the row, whose tooltip would cover others.
  await window.page.mouse.move(size.width / 2, size.height / 2);
  await take(window, 'vaults');
}

/** Without the notifications of what was going on, and not half-way through an animation. */
async function take(window: Workbench, name: string): Promise<void> {
  const style = '.notifications-toasts, .notifications-center { visibility: hidden !important; }';
  await window.page.screenshot({ path: path.join(pictures, `${name}.png`), animations: 'disabled', style });
}
