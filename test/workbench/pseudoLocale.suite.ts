/** A run in a made-up language in which every letter has an accent: what is still plain English was not localisable. */
import assert from 'node:assert/strict';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { getL10nPseudoLocalized } from '@vscode/l10n-dev';
import { projectRoot } from '../host/cache.ts';
import { copySample, temporaryFolder } from '../host/samples.ts';
import { exportedTexts } from '../host/texts.ts';
import type { Texts } from '../host/texts.ts';
import { pictureFailure, startHost } from './harness.ts';
import type { Host, Workbench } from './harness.ts';

const language = 'qps-ploc';

describe('in a pseudo-locale', function () {
  this.timeout(240_000);
  let folder: string;
  let host: Host;
  let workbench: Workbench | undefined;
  let contributed: Record<string, string>;

  before(async () => {
    folder = await temporaryFolder();
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
    host = await startHost({ extension });
    workbench = await host.open({ workspace: await copySample('workforce-esm', path.join(folder, 'app')), language });
  });
  after(async () => {
    await host.stop();
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
  const commands = /\baz (?:ad|role)\b/;
  return text
    .split('\n')
    .filter((line) => /\b[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}\b/.test(line) && !commands.test(line));
}
