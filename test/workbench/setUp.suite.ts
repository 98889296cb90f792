/** The main job by keyboard alone, as a person does it, with a picture of each step in test/screenshots/. */
import assert from 'node:assert/strict';
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../host/run.ts';
import { commitAll, copySample, temporaryFolder } from '../host/samples.ts';
import type { SampleApp } from '../host/samples.ts';
import { pictureFailure, startHost, themes } from './harness.ts';
import type { Host, Workbench } from './harness.ts';

const setUp = 'Client Certificate: Set Up Client Certificate…';
const review = 'Review: Set Up Client Certificate';
/** Asked last because nobody is signed in. */
const rewriteNow = 'Rewrite Now, Upload Myself';

describe('Set Up Client Certificate by keyboard', function () {
  this.timeout(240_000);
  let host: Host;
  const folders: string[] = [];
  let workbench: Workbench | undefined;

  before(async () => {
    host = await startHost();
  });
  after(async () => {
    await host.stop();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });
  afterEach(async function () {
    await pictureFailure(this, workbench);
    await workbench?.close();
    workbench = undefined;
  });

  /** A window on a fresh copy of a sample app in a git repository of its own. */
  const open = async (app: SampleApp, theme: keyof typeof themes): Promise<[Workbench, string]> => {
    const root = await temporaryFolder();
    folders.push(root);
    const folder = await copySample(app, path.join(root, app));
    await commitAll(folder);
    workbench = await host.open({ workspace: folder });
    await workbench.useTheme(theme);
    return [workbench, folder];
  };

  it('in the light theme: recommended answers, Apply, and Undo that restores every byte', async () => {
    const [window, folder] = await open('external-id-commonjs', 'light');
    const before = await bytesOf(folder);
    await window.command(setUp);
    await window.waitForTitle('(1/');
    await window.screenshot('light-1-certificate');
    await window.pick('Create Self-Signed Certificate', '(1/');
    await window.waitForTitle('(2/');
    await window.screenshot('light-2-private-key');
    await window.pick('From a Key File', '(2/');
    await window.waitForTitle('(3/');
    await window.screenshot('light-3-pass-phrase');
    await window.pick('Generate a Pass Phrase', '(3/');
    await window.waitForTitle('(4/');
    await window.screenshot('light-4-registration');
    await window.pick(rewriteNow, '(4/');
    await window.waitForTitle(review);
    assert.deepEqual(await bytesOf(folder), before, 'Something changed before Apply.');
    await window.screenshot('light-5-review');
    await window.pick('Apply', review);
    await window.webview().getByText('The app is set up to use its certificate').waitFor();
    await window.screenshot('light-6-result');

    const config = await readFile(path.join(folder, 'authConfig.js'), 'utf8');
    assert.match(config, /clientCertificate: \{/);
    assert.doesNotMatch(config, /clientSecret:/);
    const environment = await readFile(path.join(folder, '.env'), 'utf8');
    assert.match(environment, /^CLIENT_SECRET=not-a-real-secret-sample-only$/m);
    const variable = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(environment)?.[1] ?? '';
    const keyFile = path.resolve(folder, variable('CLIENT_CERTIFICATE_KEY_PATH'));
    assert.equal((await stat(keyFile)).mode & 0o777, 0o600);
    const key = createPrivateKey({
      key: await readFile(keyFile),
      passphrase: variable('CLIENT_CERTIFICATE_PASSPHRASE'),
    });
    const ignored = await run('git', ['check-ignore', keyFile], { cwd: folder });
    assert.equal(ignored.exitCode, 0, 'git does not ignore the private key.');
    const loaded = await run(
      process.execPath,
      ['-p', 'JSON.stringify(require("./authConfig").msalConfig.auth.clientCertificate)'],
      { cwd: folder },
    );
    const used = JSON.parse(loaded.stdout.slice(loaded.stdout.indexOf('{'))) as Record<string, string>;
    assert.equal(used.privateKey, key.export({ type: 'pkcs8', format: 'pem' }));
    const certificates = (await readdir(path.dirname(keyFile))).filter((file) => /\.(crt|cer|pem)$/.test(file));
    const certificate = new X509Certificate(await readFile(path.join(path.dirname(keyFile), certificates[0] ?? '')));
    assert.equal(certificate.checkPrivateKey(key), true);
    assert.equal(used.thumbprintSha256?.toUpperCase(), certificate.fingerprint256.replaceAll(':', ''));

    await window.command('Client Certificate: Undo Setup…');
    await window.dialog.waitFor();
    await window.screenshot('light-7-undo');
    await window.acceptDialog();
    await window.notification('undone');
    // The page about the setup no longer holds.
    await window.page.locator('.tab').filter({ hasText: 'The app is set up' }).waitFor({ state: 'detached' });
    await window.screenshot('light-8-undone');
    assert.deepEqual(await bytesOf(folder), before);
  });

  it('in the dark theme: values of one’s own, Back, validation while typing, reading the changes first', async () => {
    const [window, folder] = await open('workforce-esm', 'dark');
    await window.command(setUp);
    await window.pick('Create Self-Signed Certificate with Other Values…', '(1/');
    await window.answer('CN=', { title: '(1/', accept: false });
    await window.message.filter({ hasText: /\S/ }).waitFor();
    await window.screenshot('dark-1-subject-refused');
    await window.answer('CN=room-booking, O=Contoso', { title: '(1/' });
    await window.message.filter({ hasText: 'Days that the certificate is valid' }).waitFor();
    await window.answer('900', { accept: false });
    await window.screenshot('dark-2-validity-warned');
    await window.answer('90');
    await window.waitForTitle('(2/');
    await window.pick('From a Key File', '(2/');
    await window.pick('Type a Pass Phrase…', '(3/');
    await window.answer('abc', { accept: false });
    await window.message.filter({ hasText: 'at least 4 characters' }).waitFor();
    await window.answer('correct horse');
    await window.message.filter({ hasText: 'again' }).waitFor();
    await window.answer('correct hose', { accept: false });
    await window.message.filter({ hasText: 'differ' }).waitFor();
    await window.screenshot('dark-3-pass-phrases-differ');
    await window.answer('correct horse');
    await window.pick(rewriteNow, '(4/');
    await window.pick('Read the Changes', review);
    await window.quickInputClosed();
    await window.tab('Review');
    await window.screenshot('dark-4-changes');
    await window.command('Client Certificate: Apply');
    await window.webview().getByText('The app is set up to use its certificate').waitFor();
    await window.screenshot('dark-5-result');

    const environment = await readFile(path.join(folder, '.env'), 'utf8');
    assert.match(environment, /^CLIENT_CERTIFICATE_PASSPHRASE=["']?correct horse["']?$/m);
    const loaded = await run(
      process.execPath,
      ['--input-type=module', '-e', 'console.log((await import("./src/msalConfig.js")).msalConfig.auth)'],
      { cwd: folder },
    );
    assert.match(loaded.output, /BEGIN PRIVATE KEY/);
  });

  it('in the high contrast theme: the key in the environment', async () => {
    const [window, folder] = await open('workforce-typescript', 'highContrast');
    await window.command(setUp);
    await window.waitForTitle('(1/');
    await window.screenshot('high-contrast-1-certificate');
    await window.pick('Create Self-Signed Certificate');
    await window.waitForTitle('(2/');
    await window.pick('From an Environment Variable', '(2/');
    await window.pick(rewriteNow, '(3/');
    await window.waitForTitle(review);
    await window.screenshot('high-contrast-2-review');
    await window.pick('Apply', review);
    await window.webview().getByText('The app is set up to use its certificate').waitFor();
    await window.screenshot('high-contrast-3-result');
    assert.match(await readFile(path.join(folder, 'src', 'auth.ts'), 'utf8'), /clientCertificate: \{/);
  });

  it('leaves nothing behind when Esc is pressed, at whatever step', async () => {
    const [window, folder] = await open('external-id-commonjs', 'light');
    const before = await bytesOf(folder);
    const answers = ['Create Self-Signed Certificate', 'From a Key File', 'Generate a Pass Phrase', rewriteNow];
    const titles = ['(1/', '(2/4)', '(3/4)', '(4/4)', review];
    for (let step = 0; step <= answers.length; step++) {
      await window.command(setUp);
      for (const [index, answer] of answers.slice(0, step).entries()) await window.pick(answer, titles[index]);
      await window.waitForTitle(titles[step] ?? '');
      await window.press('Escape');
      await window.quickInputClosed();
    }
    assert.deepEqual(await bytesOf(folder), before);
  });
});

/** Every file of an app by relative path, its packages and its git database left out. */
async function bytesOf(folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const file = path.join(entry.parentPath, entry.name);
    const relative = path.relative(folder, file);
    if (!entry.isFile() || /^(node_modules|\.git)([\\/]|$)/.test(relative)) continue;
    files[relative] = await readFile(file, 'latin1');
  }
  return files;
}
