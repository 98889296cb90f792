/** A run in a made-up language in which every letter has an accent: what is still plain English was not localisable. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { getL10nPseudoLocalized } from '@vscode/l10n-dev';
import { projectRoot } from '../host/cache.ts';
import { startCloud } from '../host/cloud.ts';
import type { Cloud } from '../host/cloud.ts';
import { copySample, temporaryFolder } from '../host/samples.ts';
import { exportedTexts } from '../host/texts.ts';
import type { Texts } from '../host/texts.ts';
import { configWithCertificate, makeCertificate } from './configs.ts';
import { pictureFailure, startHost } from './harness.ts';
import type { Host, Workbench } from './harness.ts';

const language = 'qps-ploc';

describe('in a pseudo-locale', function () {
  this.timeout(240_000);
  let folder: string;
  let cloud: Cloud;
  let host: Host;
  let workbench: Workbench | undefined;
  let contributed: Record<string, string>;

  before(async () => {
    folder = await temporaryFolder();
    cloud = await startCloud(folder);
    const extension = path.join(folder, 'extension');
    for (const part of ['package.json', 'package.nls.json', 'dist', 'media']) {
      await cp(path.join(projectRoot, part), path.join(extension, part), { recursive: true });
    }
    const texts = JSON.parse(await readFile(path.join(extension, 'package.nls.json'), 'utf8')) as Texts;
    contributed = plain(getL10nPseudoLocalized(texts));
    await mkdir(path.join(extension, 'l10n'));
    await writeFile(path.join(extension, `package.nls.${language}.json`), JSON.stringify(contributed));
    await writeFile(
      path.join(extension, 'l10n', `bundle.l10n.${language}.json`),
      JSON.stringify(getL10nPseudoLocalized(await exportedTexts())),
    );
    host = await startHost({ extension, settings: cloud.settings, env: cloud.env });
    const app = await copySample('workforce-esm', path.join(folder, 'app'));
    await makeCertificate(app, 'shown', 20);
    const { raw } = new X509Certificate(await readFile(path.join(app, 'certs', 'shown.crt')));
    await writeFile(path.join(app, 'shown.der'), raw);
    const thumbprint = await makeCertificate(app, 'used', 20);
    const spaced = (thumbprint.match(/../g) ?? []).join(':');
    await writeFile(path.join(app, 'src', 'second.js'), configWithCertificate('used', spaced));
    workbench = await host.open({ workspace: app, language });
  });
  after(async () => {
    await host.stop();
    await cloud.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  afterEach(async function () {
    await pictureFailure(this, workbench);
  });

  it('the wizard, the review and the result show no untranslated text', async () => {
    assert.ok(workbench !== undefined);
    const { quickInput } = workbench;
    const seen: string[] = [];
    const look = async () => {
      seen.push(await quickInput.innerText(), (await quickInput.locator('input').getAttribute('placeholder')) ?? '');
    };
    await workbench.command(`${contributed.category ?? ''}: ${contributed['command.setUp.title'] ?? ''}`);
    for (const step of ['(1/', '(2/', '(3/', '(4/']) {
      await workbench.waitForTitle(step);
      await workbench.focusedRow.first().waitFor();
      await look();
      // The recommended answer; nobody is signed in, so the last one rewrites at once.
      if (step === '(4/') await workbench.focusRow(accented('Rewrite Now, Upload Myself'));
      await workbench.press('Enter');
    }
    await workbench.page.locator('.multiDiffEditor').waitFor();
    await workbench.focusedRow.first().waitFor();
    await look();
    await workbench.press('Enter');
    const report = workbench.webview().locator('#report');
    await report.locator('h1').waitFor();
    seen.push(await report.innerText());
    await workbench.screenshot('pseudo-locale');
    assert.match(seen.join('\n'), /[ȧḗīǿŭ]/, 'nothing was translated: the run shows nothing');
    assert.deepEqual(untranslated(seen.join('\n')), []);
  });

  it('the views, the timeline, the viewer and what is said in the editor show no untranslated text', async () => {
    assert.ok(workbench !== undefined);
    const { page } = workbench;
    const run = (name: string): Promise<void> | undefined =>
      workbench?.command(`${contributed.category ?? ''}: ${contributed[`command.${name}.title`] ?? ''}`);
    const seen: string[] = [];
    const look = async (...places: Locator[]) => {
      for (const place of places) {
        await place.first().waitFor();
        seen.push(...(await place.allInnerTexts()));
        for (const each of await place.locator('[aria-label]').all())
          seen.push((await each.getAttribute('aria-label', { timeout: 500 }).catch(() => '')) ?? '');
      }
    };

    await page
      .locator(`.activitybar .action-item:has(> [aria-label*="${contributed['view.container'] ?? ''}"])`)
      .click();
    const view = (name: string) =>
      page.locator(`.pane:has(> .pane-header[aria-label*="${contributed[name] ?? ''}"]) > .pane-body`);
    await look(view('view.workspace').locator('.monaco-list-row'));
    await run('signIn');
    await look(workbench.notifications.filter({ hasText: 'dev@contoso' }));
    const vaults = view('view.vaults').locator('.customview-tree');
    await vaults.getByText('contoso-web', { exact: true }).click();
    await vaults.getByText('expiring-app', { exact: true }).waitFor();
    await look(vaults.locator('.monaco-list-row'));
    await vaults.getByText('expiring-app', { exact: true }).hover();
    await look(page.locator('.monaco-hover:visible', { hasText: 'CN=expiring-app' }));

    await run('showExpiryTimeline');
    await workbench.webview().locator('.row').first().waitFor();
    await workbench.webview().locator('.row').first().click();
    await workbench.webview().locator('#details h2').waitFor();
    await look(workbench.webview().locator('body'));
    await workbench.openFile('shown.der');
    await workbench.webview().getByRole('img').first().waitFor();
    await look(workbench.webview().locator('body'));

    await workbench.openFile('second.js');
    await look(page.locator('.monaco-editor .codelens-decoration'));
    await workbench.command('Problems: Focus on Problems View');
    await look(page.locator('.markers-panel .monaco-list-row .marker-message-details-container'));
    await workbench.screenshot('pseudo-locale-views');
    assert.ok(seen.length > 30, `only ${seen.length} texts were seen`);
    assert.deepEqual(untranslated(seen.join('\n')), []);
  });
});

function accented(text: string): string {
  return plain(getL10nPseudoLocalized({ text })).text ?? '';
}

/** Texts without what translators are told about them. */
function plain(texts: Texts): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, typeof text === 'string' ? text : text.message]),
  );
}

/** Lines with three plain English words in a row. Paths, names, addresses and commands are data and have no such. */
function untranslated(text: string): string[] {
  // Commands and names of roles are data; the last two are words of VS Code itself.
  const commands = /\baz (?:ad|role)\b|Key Vault [A-Z][a-z]+|^Actions for |^Show message in single line$/;
  return text
    .split('\n')
    .filter((line) => /\b[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}\b/.test(line) && !commands.test(line));
}
