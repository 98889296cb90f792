/** Certificate files in the wizard, a setup that a killed window left behind, and the view of a certificate, by keyboard. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { copySample, temporaryFolder } from '../host/samples.ts';
import { pictureFailure, startHost } from './harness.ts';
import type { Host, Workbench } from './harness.ts';
import { assertLooksRight } from './looks.ts';

const runProgram = promisify(execFile);
const setUp = 'Client Certificate: Set Up Client Certificate…';
const review = 'Review: Set Up Client Certificate';
/** Asked last because nobody is signed in. */
const rewriteNow = 'Rewrite Now, Upload Myself';

describe('certificate files and unfinished setups in the workbench', function () {
  this.timeout(240_000);
  let host: Host;
  let root: string;
  let folder: string;
  let window: Workbench;

  before(async () => {
    host = await startHost();
  });
  after(() => host.stop());
  beforeEach(async () => {
    root = await temporaryFolder();
    folder = await copySample('external-id-commonjs', path.join(root, 'app'));
  });
  afterEach(async function () {
    await pictureFailure(this, window);
    await window.close();
    await rm(root, { recursive: true, force: true });
  });

  /** A PFX made by openssl in the app's folder. */
  async function makePfx(password: string): Promise<X509Certificate> {
    const at = (name: string) => path.join(root, name);
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '90', '-subj', '/CN=from a file'];
    await runProgram('openssl', [...request, '-keyout', at('k.pem'), '-out', at('c.pem')]);
    const exported = ['pkcs12', '-export', '-inkey', at('k.pem'), '-in', at('c.pem'), '-passout', `pass:${password}`];
    await runProgram('openssl', [...exported, '-out', path.join(folder, 'mine.pfx')]);
    return new X509Certificate(await readFile(at('c.pem')));
  }

  it('takes a PFX of the workspace, asks for its password until it fits, and shows it', async () => {
    const certificate = await makePfx('open sesame');
    window = await host.open({ workspace: folder });
    await window.command(setUp);
    await window.pick('mine.pfx', '(1/');
    await window.message.filter({ hasText: 'Password of mine.pfx' }).waitFor();
    await window.answer('wrong one');
    await window.message.filter({ hasText: 'does not open with this password' }).waitFor();
    await window.screenshot('files-1-wrong-password');
    await window.answer('open sesame');
    await window.pick('From a Key File', '(2/');
    await window.pick('No Pass Phrase', '(3/');
    await window.pick(rewriteNow, '(4/');
    await window.pick('Apply', review);
    const result = window.webview();
    await result.getByText('The app is set up to use its certificate').waitFor();
    await result.getByText(certificate.fingerprint256.replaceAll(':', '')).waitFor();
    await assertLooksRight(window, 'files-result');
    assert.match(await readFile(path.join(folder, 'authConfig.js'), 'utf8'), /clientCertificate: \{/);

    await window.command('Client Certificate: Inspect Certificate…');
    await window.pick('mine.pfx', 'Inspect Certificate');
    await window.message.filter({ hasText: 'Password of mine.pfx' }).waitFor();
    await window.answer('open sesame');
    await window.tab('CN=from a file');
    await window.webview().getByText('yes, it belongs to the certificate').waitFor();
    await assertLooksRight(window, 'files-2-inspect');
  });

  it('shows the OpenSSL command, imports what it made, and leaves none of it behind', async () => {
    window = await host.open({ workspace: folder });
    await window.command(setUp);
    await window.pick('Create with OpenSSL…', '(1/');
    await window.message.filter({ hasText: 'Subject of the certificate' }).waitFor();
    await window.answer('CN=by hand');
    await window.message.filter({ hasText: 'Days that the certificate is valid' }).waitFor();
    await window.answer('200');
    await window.pick('Show Me the Command…');
    const shown = window.quickInput.getByText('openssl req');
    await shown.waitFor();
    await window.screenshot('files-3-command');
    const command = (await shown.textContent()) ?? '';
    const made = /-keyout (\S+\.key)/.exec(command)?.[1] ?? assert.fail(command);
    await runProgram('sh', ['-c', `${command} -passout pass:words`]);
    await window.pick('I Have Run It');
    await window.message.filter({ hasText: 'Password of' }).waitFor();
    await window.answer('words');
    await window.pick('From a Key File', '(2/');
    await window.pick('Generate a Pass Phrase', '(3/');
    await window.pick(rewriteNow, '(4/');
    await window.pick('Apply', review);
    await window.webview().getByText('The app is set up to use its certificate').waitFor();
    const [name] = (await readdir(path.join(folder, 'certs'))).filter((file) => file.endsWith('.crt'));
    const certificate = new X509Certificate(await readFile(path.join(folder, 'certs', name ?? '')));
    assert.equal(certificate.subject, 'CN=by hand');
    assert.ok(!existsSync(path.dirname(made)), 'The private folder is still there.');
  });

  it('brings the list of the review back when its editors are closed, and applies then', async () => {
    window = await host.open({ workspace: folder });
    await window.command(setUp);
    await window.pick('Create Self-Signed Certificate', '(1/');
    await window.pick('From a Key File', '(2/');
    await window.pick('No Pass Phrase', '(3/');
    await window.pick(rewriteNow, '(4/');
    await window.pick('Read the Changes', review);
    await window.quickInputClosed();
    await window.tab('Review');
    await window.command('View: Close All Editors');
    await window.pick('Apply', review);
    await window.webview().getByText('The app is set up to use its certificate').waitFor();
    assert.match(await readFile(path.join(folder, 'authConfig.js'), 'utf8'), /clientCertificate: \{/);
  });

  it('takes a file chosen with Browse…, and shows the list again when the dialog is left', async () => {
    await makePfx('open sesame');
    await runProgram('mv', [path.join(folder, 'mine.pfx'), path.join(root, 'elsewhere.pfx')]);
    window = await host.open({ workspace: folder });
    await window.command('Client Certificate: Inspect Certificate…');
    const browse = window.quickInput.locator('.monaco-list-row').filter({ hasText: 'Browse…' });
    const input = window.quickInput.locator('input:not([type=checkbox])');
    const dialogIsOpen = () => window.quickInput.getByText('..', { exact: true }).waitFor();
    await window.pick('Browse…', 'Inspect Certificate');
    await dialogIsOpen();
    await input.press('Escape');
    await browse.waitFor();
    await window.pick('Browse…', 'Inspect Certificate');
    await dialogIsOpen();
    await window.filter(path.join(root, 'elsewhere.pfx'));
    // The dialog takes Enter only when it has read the folder.
    await window.quickInput.locator('.monaco-list-row').filter({ hasText: 'elsewhere.pfx' }).waitFor();
    await window.press('Enter');
    await window.message.filter({ hasText: 'Password of elsewhere.pfx' }).waitFor();
    await window.answer('open sesame');
    await window.tab('CN=from a file');

    // The page that is open now must not take the keyboard from the list that comes back.
    await window.webview().getByText('yes, it belongs to the certificate').click();
    await window.command('Client Certificate: Inspect Certificate…');
    await window.pick('Browse…', 'Inspect Certificate');
    await dialogIsOpen();
    await input.press('Escape');
    await window.pick('Browse…', 'Inspect Certificate');
    await dialogIsOpen();
    await input.press('Escape');
    await browse.waitFor();
    await window.press('Escape');
    await window.quickInputClosed();
  });

  it('has its commands in the context menus of certificate files and of app configs', async () => {
    await makePfx('open sesame');
    window = await host.open({ workspace: folder });
    const menuOf = async (file: string): Promise<string[]> => {
      await window.page.locator('.explorer-folders-view .monaco-list-row').getByText(file, { exact: true }).click();
      await window.press('Shift+F10');
      const items = window.page.locator('.context-view .action-label:visible');
      await items.filter({ hasText: 'Rename' }).waitFor();
      const labels = await items.allTextContents();
      await window.press('Escape');
      return labels;
    };
    const has = (labels: string[], label: string) => labels.some((one) => one.includes(label));
    // Trust is known some time after the window is there.
    let ofCertificate = await menuOf('mine.pfx');
    for (const end = Date.now() + 30_000; !has(ofCertificate, 'Use Certificate in App…') && Date.now() < end;) {
      ofCertificate = await menuOf('mine.pfx');
    }
    for (const label of [
      'Inspect Certificate…',
      'Use Certificate in App…',
      'Extract Private Key…',
      'Export Certificate…',
    ]) {
      assert.ok(has(ofCertificate, label), `${label}: ${ofCertificate.join(' | ')}`);
    }
    const ofConfig = await menuOf('authConfig.js');
    for (const label of ['Set Up Client Certificate…', 'Check App Config', 'Undo Setup…']) {
      assert.ok(has(ofConfig, label), `${label}: ${ofConfig.join(' | ')}`);
    }
    assert.ok(!has(await menuOf('package.json'), 'Client Certificate…'));
  });

  it('offers at the next start to undo what a killed window left, and brings every byte back', async () => {
    const config = path.join(folder, 'authConfig.js');
    const before = await readFile(config, 'utf8');
    window = await host.open({ workspace: folder });
    await window.command(setUp);
    await window.pick('Create Self-Signed Certificate', '(1/');
    await window.pick('From a Key File', '(2/');
    await window.pick('Generate a Pass Phrase', '(3/');
    await window.pick('Hand Over to an Administrator', '(4/');
    await window.waitForTitle(review);
    await window.screenshot('files-4-hand-over-review');
    await window.pick('Apply', review);
    await window.webview().getByText('the app still uses its secret').waitFor();
    await assertLooksRight(window, 'files-5-handed-over');
    await window.close();
    await pretendKilled(host.server.dataFolder, config);

    window = await host.open({ workspace: folder });
    const notification = await window.notification('was interrupted');
    await window.screenshot('files-6-interrupted');
    await notification.getByText('Undo', { exact: true }).click();
    await window.dialog.waitFor();
    await window.press('Enter');
    await window.notification('undone');
    assert.equal(await readFile(config, 'utf8'), before);
    assert.ok(!existsSync(path.join(folder, 'certs')), 'The new key is still there.');
  });
});

/** Makes the journal of a stopped setup say that its apply was under way. */
async function pretendKilled(dataFolder: string, config: string): Promise<void> {
  const entries = await readdir(dataFolder, { recursive: true });
  const journals = entries.filter((file) => /[\\/]journal[\\/][0-9a-f]{32}\.json$/.test(file));
  for (const journal of journals.map((file) => path.join(dataFolder, file))) {
    const content = JSON.parse(await readFile(journal, 'utf8')) as { config: string; state: string };
    if (content.config === config) await writeFile(journal, JSON.stringify({ ...content, state: 'applying' }));
  }
}
