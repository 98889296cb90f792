import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { saveFiles } from './index.ts';
import type { SetupPorts } from './ports.ts';
import { makeApp, makePorts, snapshot, type SampleApp } from './testing/sampleApp.ts';
import type { PlannedFile } from './types.ts';

describe('saving files outside a setup', () => {
  let app: SampleApp;
  let ports: SetupPorts;
  const at = (name: string) => join(app.root, name);
  const key = (name: string): PlannedFile => ({
    path: at(name),
    role: 'privateKey',
    mode: 0o600,
    bytes: Buffer.from('key'),
  });
  const certificate = (name: string): PlannedFile => ({
    path: at(name),
    role: 'certificate',
    mode: 0o644,
    bytes: Buffer.from('certificate'),
  });

  beforeEach(() => {
    app = makeApp();
    ports = makePorts(app);
  });
  afterEach(() => app.remove());

  it('protects keys, with names that mean something to git, before they are written', async () => {
    mkdirSync(at('keys'));
    writeFileSync(at('keys/.gitignore'), 'a\r\nb');
    const names = ['keys/plain.key', 'keys/odd [1] *?.key', 'keys/!not.key', 'keys/#hash.key'];
    const saved = await saveFiles([...names.map(key), certificate('keys/public.crt')], ports);
    assert.deepEqual(saved.changed, [at('keys/.gitignore')]);
    for (const name of names) assert.equal(snapshot(app.root)[name], '600 key');
    const status = execFileSync('git', ['-C', app.root, 'status', '--porcelain', '-uall'], { encoding: 'utf8' });
    assert.doesNotMatch(status, /\.key/);
    assert.match(status, /public\.crt/);
    assert.match(readFileSync(at('keys/.gitignore'), 'utf8'), /^a\r\nb\r\n\/plain\.key\r\n/);
  });

  it('changes no .gitignore for public files or where git ignores the keys already', async () => {
    writeFileSync(at('.gitignore'), 'keys/\n');
    assert.deepEqual((await saveFiles([key('keys/a.key'), certificate('b.crt')], ports)).changed, []);
  });

  it('never overwrites, and takes everything back when one file fails', async () => {
    writeFileSync(at('there.crt'), 'mine');
    const before = snapshot(app.root);
    await assert.rejects(saveFiles([key('new/a.key'), certificate('there.crt')], ports), { code: 'file-exists' });
    assert.deepEqual(snapshot(app.root), before);
    const failing = {
      ...ports,
      files: {
        ...ports.files,
        writeAtomically: (...args: Parameters<typeof ports.files.writeAtomically>) =>
          args[0].endsWith('.crt') ? Promise.reject(new Error('no')) : ports.files.writeAtomically(...args),
      },
    };
    await assert.rejects(saveFiles([key('new/a.key'), certificate('new/a.crt')], failing), /no/);
    assert.deepEqual(snapshot(app.root), before);
  });

  it('refuses a key that git tracks, and leaves nothing when cancelled', async () => {
    writeFileSync(at('a.key'), 'x');
    execFileSync('git', ['-C', app.root, 'add', 'a.key']);
    rmSync(at('a.key'));
    const before = snapshot(app.root);
    await assert.rejects(saveFiles([key('a.key')], ports), { code: 'key-tracked-by-git' });
    const controller = new AbortController();
    const aborting = {
      ...ports,
      files: {
        ...ports.files,
        writeAtomically: async (...args: Parameters<typeof ports.files.writeAtomically>) => {
          await ports.files.writeAtomically(...args);
          if (args[0].endsWith('.key')) controller.abort();
        },
      },
    };
    await assert.rejects(saveFiles([key('b.key')], aborting, controller.signal), { name: 'CancelledError' });
    assert.deepEqual(snapshot(app.root), before);
  });
});
