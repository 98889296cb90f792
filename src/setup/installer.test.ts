import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { PackageInstall } from '../appConfig/types.ts';
import { isCancelled, isExpectedError } from '../base/errors.ts';
import { nodeProcesses } from '../ui/nodeProcesses.ts';
import { createNodeFiles } from '../ui/nodeSetupPorts.ts';
import { createInstaller } from './installer.ts';

/** Writes what it was asked for where package managers write, and does what the file `mood` says then. */
const standIn = `#!/usr/bin/env node
const fs = require('fs');
fs.appendFileSync('calls', process.argv.slice(2).join(' ') + '\\n');
fs.writeFileSync('package.json', '{"changed":true}');
fs.writeFileSync('../package-lock.json', '{"changed":true}');
fs.writeFileSync('yarn.lock', 'new');
const mood = fs.readFileSync('mood', 'utf8');
if (mood === 'fail') {
  console.error('one\\nnpm error 404 https://user:hunter2@registry.example/x');
  process.exit(7);
}
if (mood === 'hang') setInterval(() => {}, 1000);
`;

describe('installing packages', () => {
  const pathBefore = process.env.PATH;
  let base: string;
  let app: string;
  const files = createNodeFiles(nodeProcesses, {});
  const dirty = new Set<string>();
  const installer = createInstaller(nodeProcesses, files, { isDirty: (path) => dirty.has(path) });

  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'ccg-install-'));
    app = join(base, 'app');
    mkdirSync(join(base, 'bin'));
    mkdirSync(app);
    writeFileSync(join(base, 'bin', 'npm'), standIn);
    chmodSync(join(base, 'bin', 'npm'), 0o755);
    writeFileSync(join(app, 'package.json'), '{"name":"app"}\r\n');
    writeFileSync(join(base, 'package-lock.json'), 'lock');
    process.env.PATH = [join(base, 'bin'), pathBefore].join(delimiter);
    dirty.clear();
  });
  afterEach(() => {
    process.env.PATH = pathBefore;
    rmSync(base, { recursive: true, force: true });
  });

  const install = (): PackageInstall => ({
    manager: 'npm',
    args: ['install', 'a@^1.0.0'],
    devArgs: ['install', '--save-dev', 'b@^2.0.0'],
    folder: app,
    packages: [
      { name: 'a', range: '^1.0.0' },
      { name: 'b', range: '^2.0.0', dev: true },
    ],
  });
  const mood = (text: string) => {
    writeFileSync(join(app, 'mood'), text);
  };
  const manifests = () => [
    readFileSync(join(app, 'package.json'), 'utf8'),
    readFileSync(join(base, 'package-lock.json'), 'utf8'),
    existsSync(join(app, 'yarn.lock')),
  ];
  const before = ['{"name":"app"}\r\n', 'lock', false];
  const after = ['{"changed":true}', '{"changed":true}', true];

  it('runs the package manager in the app, once for each kind of package', async () => {
    mood('work');
    const installed = await installer.install(install(), [base]);
    assert.equal(readFileSync(join(app, 'calls'), 'utf8'), 'install a@^1.0.0\ninstall --save-dev b@^2.0.0\n');
    assert.deepEqual(manifests(), after);
    await installed.takeBack();
    assert.deepEqual(manifests(), before);
  });

  it('puts package.json and lock files back when it fails, and says why without the password of the registry', async () => {
    mood('fail');
    await assert.rejects(installer.install(install(), [base]), (error: Error) => {
      assert.ok(isExpectedError(error));
      assert.equal(error.code, 'install-failed');
      assert.match(error.message, /404 https:\/\/\*\*\*\*@registry/);
      assert.doesNotMatch(error.message, /hunter2/);
      return true;
    });
    assert.deepEqual(manifests(), before);
    assert.equal(readFileSync(join(app, 'calls'), 'utf8'), 'install a@^1.0.0\n');
  });

  it('puts them back when it is cancelled, and ends the program', async () => {
    mood('hang');
    const controller = new AbortController();
    const pending = installer.install(install(), [base], { signal: controller.signal });
    const watched = async () => {
      while (!existsSync(join(app, 'yarn.lock'))) await new Promise((resolve) => setImmediate(resolve));
      controller.abort();
    };
    await Promise.all([assert.rejects(pending, isCancelled), watched()]);
    assert.deepEqual(manifests(), before);
  });

  it('refuses while package.json has unsaved changes', async () => {
    mood('work');
    dirty.add(join(app, 'package.json'));
    await assert.rejects(installer.install(install(), [base]), { code: 'unsaved-changes' });
    assert.equal(existsSync(join(app, 'calls')), false);
  });

  it('says so where the package manager is not there', async () => {
    mood('work');
    process.env.PATH = join(base, 'nowhere');
    await assert.rejects(installer.install(install(), [base]), { code: 'program-not-found' });
    assert.deepEqual(manifests(), before);
  });
});
