/** The npm package of the command-line check: made by `npm pack`, installed, and run on an app. test/host/all.ts runs it after packaging. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { projectRoot } from './cache.ts';
import { npm, run } from './run.ts';
import { copySample } from './samples.ts';

describe('the command-line check as a package', function () {
  this.timeout(120_000);
  let folder: string;
  let program: string;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'ccg-'));
    const packed = await npm(['pack', '--ignore-scripts', '--silent', `--pack-destination=${folder}`]);
    const tarball = path.join(folder, packed.trim().split('\n').at(-1) ?? '');
    await writeFile(path.join(folder, 'package.json'), '{"private":true}');
    await npm(['install', '--offline', '--no-audit', '--no-fund', '--silent', tarball], { cwd: folder });
    program = path.join(folder, 'node_modules', 'client-certificate-guide', 'dist', 'cli.js');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const cli = (...args: string[]) => run(process.execPath, [program, ...args], { cwd: folder });

  it('brings no other package along and no more than it needs', async () => {
    const lock = JSON.parse(await readFile(path.join(folder, 'package-lock.json'), 'utf8')) as { packages: object };
    assert.deepEqual(Object.keys(lock.packages), ['', 'node_modules/client-certificate-guide']);
    const listed = JSON.parse(await npm(['pack', '--dry-run', '--json', '--ignore-scripts'])) as {
      files: { path: string }[];
    }[];
    assert.deepEqual(listed[0]?.files.map((file) => file.path).sort(), [
      'LICENSE',
      'README.md',
      ...['dist/appConfig.js', 'dist/certificates.js', 'dist/cli.js', 'dist/extension.js', 'dist/rewriter.js'],
      'package.json',
    ]);
  });

  it('is a program of its own', async () => {
    const { version } = JSON.parse(await readFile(path.join(projectRoot, 'package.json'), 'utf8')) as {
      version: string;
    };
    const bin = path.join(folder, 'node_modules', '.bin', 'client-certificate-guide');
    if (process.platform !== 'win32') {
      assert.equal(execFileSync(bin, ['--version'], { encoding: 'utf8' }).trim(), version);
    }
    assert.equal((await cli('--help')).exitCode, 0);
    assert.equal((await cli('look')).exitCode, 2);
  });

  it('finds nothing in an empty folder, and says so', async () => {
    const { exitCode, output } = await cli('check', 'node_modules');
    assert.equal(exitCode, 3, output);
    assert.match(output, /no-app-config/);
  });

  it('runs out of the file, as the README has it', async () => {
    const readme = await readFile(path.join(projectRoot, 'README.md'), 'utf8');
    const [, file = '', command = ''] = /^npx --yes (\.\/\S+\.tgz) (\w+) \[FOLDER…\]/m.exec(readme) ?? [];
    const elsewhere = path.join(folder, 'ci');
    await copySample('workforce-esm', path.join(elsewhere, 'app'));
    await copyFile(path.join(folder, path.basename(file)), path.join(elsewhere, file));
    const output = await npm(['exec', '--yes', '--', file, command, 'app'], { cwd: elsewhere });
    assert.match(output, /\[secret-in-use\]$/m);
  });

  it('checks an app that uses a secret', async () => {
    await copySample('workforce-esm', path.join(folder, 'app'));
    const { exitCode, output } = await cli('check', 'app');
    assert.equal(exitCode, 0, output);
    assert.match(output, /^app\/src\/msalConfig\.js:\d+: warning: .*\[secret-in-use\]$/m);
  });
});
