/** What is in the VSIX, against the design's budgets. test/host/all.ts builds and unpacks it first. */
import assert from 'node:assert/strict';
import { createRequire, isBuiltin } from 'node:module';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { goldenCases, runCase, type Code } from '../../src/appConfig/testing/goldenCases.ts';
import { activateOnce } from './activation.ts';
import { kilobyte, sizeBudgets } from './budgets.ts';
import { asText, exportedTexts, textsFile } from './texts.ts';

const vsix = process.env.CCG_VSIX ?? '';
const extension = process.env.CCG_UNPACKED ?? '';

describe('the VSIX', function () {
  this.timeout(180_000);

  const files = (): string[] =>
    readdirSync(extension, { recursive: true, encoding: 'utf8' })
      .map((file) => file.replaceAll('\\', '/'))
      .filter((file) => statSync(path.join(extension, file)).isFile())
      .sort();
  const manifest = (): Manifest => JSON.parse(readFileSync(path.join(extension, 'package.json'), 'utf8')) as Manifest;

  it('holds the bundles, the manifest, its texts and its pictures, and nothing else', () => {
    // vsce renames README, CHANGELOG and LICENSE.
    const expected = [
      'LICENSE.txt',
      'changelog.md',
      'dist/appConfig.js',
      'dist/azure.js',
      'dist/certificates.js',
      'dist/extension.js',
      'dist/identity.js',
      'dist/rewriter.js',
      'dist/ui.js',
      'package.json',
      'readme.md',
    ];
    const texts = /^(package\.nls(\.[\w-]+)?\.json|l10n\/[\w.-]+\.json|media\/[\w./-]+\.(png|svg|md|js|css))$/;
    assert.deepEqual(
      files().filter((file) => !texts.test(file)),
      expected,
    );
  });

  it('holds every file that the manifest names', () => {
    const named = [manifest().main, manifest().icon].filter((file) => file !== undefined);
    for (const file of named) assert.ok(files().includes(file.replace(/^\.\//, '')), `${file} is missing.`);
  });

  it('has a README that points at nothing outside the VSIX; the pictures of the one in the repository are there', () => {
    const links = (file: string) =>
      [...readFileSync(file, 'utf8').matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);
    const isLocal = (target: string) => !/^(https:|#)/.test(target);
    assert.deepEqual(links(path.join(extension, 'readme.md')).filter(isLocal), []);
    const local = links('README.md').filter(isLocal);
    assert.ok(local.some((target) => target.startsWith('media/readme/')));
    for (const target of local) {
      const facts = statSync(target, { throwIfNoEntry: false });
      assert.ok(
        facts?.isFile() === true,
        `README.md names ${target}, which does not exist; "npm run tour" makes the pictures.`,
      );
      if (target.endsWith('.png')) assert.ok(facts.size < 120 * kilobyte, `${target} has ${facts.size} bytes.`);
    }
    assert.ok(!files().some((file) => file.startsWith('media/readme/')));
  });

  it('has every text of the source exported for translators (npm run l10n renews them)', async () => {
    assert.equal(readFileSync(textsFile, 'utf8'), asText(await exportedTexts()));
  });

  it('holds no source map, no private key and no path of the machine that built it', () => {
    for (const file of files().filter((name) => /\.(js|json|md|txt|css|svg)$/.test(name))) {
      const text = readFileSync(path.join(extension, file), 'utf8');
      assert.doesNotMatch(text, /^\/[/*]# sourceMappingURL=/m, file);
      // A marker with key material behind it: the code itself writes and reads such markers.
      assert.doesNotMatch(text, /-----BEGIN [A-Z ]*PRIVATE KEY-----(\\n|\s)*[A-Za-z0-9+/]{40}/, file);
      assert.ok(!text.includes(path.resolve('.')), `${file} names ${path.resolve('.')}.`);
    }
  });

  it('keeps within its budgets', () => {
    const budgets = sizeBudgets(extension, vsix);
    for (const { name, bytes, limit } of budgets) {
      console.log(`      ${name}: ${(bytes / kilobyte).toFixed(1)} KB of ${limit} KB`);
    }
    for (const { name, bytes, limit } of budgets) {
      assert.ok(bytes <= limit * kilobyte, `${name} has ${bytes} bytes; its budget is ${limit} KB.`);
    }
  });

  it('rewrites as the source does, with the parser that lacks what is not needed', () => {
    const shipped = createRequire(import.meta.url)(path.join(extension, 'dist', 'rewriter.js')) as Code;
    const cases = goldenCases();
    assert.ok(cases.length > 60);
    for (const golden of cases) assert.deepEqual(runCase(golden, shipped), runCase(golden), golden.name);
  });

  // How long it takes is for `npm run bench` to say: a busy machine must not fail a build.
  it('loads only built-ins and vscode at start', async () => {
    const { modules } = await activateOnce(extension);
    assert.ok(modules.includes('vscode'), 'The probe saw no module at all.');
    assert.deepEqual(
      modules.filter((name) => name !== 'vscode' && !isBuiltin(name)),
      [],
    );
  });
});

interface Manifest {
  readonly main: string;
  readonly icon?: string;
}
