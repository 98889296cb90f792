/** What is in the VSIX, against the design's budgets. test/host/all.ts builds and unpacks it first. */
import assert from 'node:assert/strict';
import { createRequire, isBuiltin } from 'node:module';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { goldenCases, runCase, type Code } from '../../src/appConfig/testing/goldenCases.ts';
import { run } from './run.ts';
import { asText, exportedTexts, textsFile } from './texts.ts';

const vsix = process.env.CCG_VSIX ?? '';
const extension = process.env.CCG_UNPACKED ?? '';
const kilobyte = 1024;

describe('the VSIX', function () {
  this.timeout(180_000);

  const files = (): string[] =>
    readdirSync(extension, { recursive: true, encoding: 'utf8' })
      .map((file) => file.replaceAll('\\', '/'))
      .filter((file) => statSync(path.join(extension, file)).isFile())
      .sort();
  const size = (file: string): number => statSync(path.join(extension, file)).size;
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
    const budgets: readonly (readonly [name: string, bytes: number, limit: number])[] = [
      ['dist/extension.js', size('dist/extension.js'), 60],
      ['dist/rewriter.js', size('dist/rewriter.js'), 350],
      ['dist/appConfig.js', size('dist/appConfig.js'), 350],
      ['dist/certificates.js', size('dist/certificates.js'), 320],
      ['dist/azure.js and dist/identity.js', size('dist/azure.js') + size('dist/identity.js'), 600],
      ['the VSIX', statSync(vsix).size, 700],
    ];
    for (const [name, bytes, limit] of budgets) {
      console.log(`      ${name}: ${(bytes / kilobyte).toFixed(1)} KB of ${limit} KB`);
    }
    for (const [name, bytes, limit] of budgets) {
      assert.ok(bytes <= limit * kilobyte, `${name} has ${bytes} bytes; its budget is ${limit} KB.`);
    }
  });

  it('rewrites as the source does, with the parser that lacks what is not needed', () => {
    const shipped = createRequire(import.meta.url)(path.join(extension, 'dist', 'rewriter.js')) as Code;
    const cases = goldenCases();
    assert.ok(cases.length > 60);
    for (const golden of cases) assert.deepEqual(runCase(golden, shipped), runCase(golden), golden.name);
  });

  it('loads only built-ins and vscode at start, and activates within 5 ms', async () => {
    const probe = path.join(import.meta.dirname, 'activation.cjs');
    // The best of several processes: the budget is for the code, not for what else the machine does meanwhile.
    const runs: Activation[] = [];
    for (let i = 0; i < 7; i++) {
      const result = await run(process.execPath, [probe, extension]);
      assert.equal(result.exitCode, 0, result.output);
      runs.push(JSON.parse(result.stdout) as Activation);
    }
    const modules = runs.flatMap((each) => each.modules);
    assert.ok(modules.includes('vscode'), 'The probe saw no module at all.');
    assert.deepEqual(
      modules.filter((name) => name !== 'vscode' && !isBuiltin(name)),
      [],
    );
    const milliseconds = Math.min(...runs.map(({ activate }) => activate));
    console.log(
      `      load ${Math.min(...runs.map(({ load }) => load)).toFixed(1)} ms, activate() ${milliseconds.toFixed(2)} ms`,
    );
    assert.ok(milliseconds <= 5, `activate() takes ${milliseconds} ms; its budget is 5 ms.`);
  });
});

interface Manifest {
  readonly main: string;
  readonly icon?: string;
}

interface Activation {
  readonly load: number;
  readonly activate: number;
  readonly modules: readonly string[];
}
