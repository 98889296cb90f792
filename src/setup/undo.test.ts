import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { applySetup, planSetup, resumeSetup, undoSetup, unfinishedSetups } from './index.ts';
import type { ResumeTools, SetupPorts } from './ports.ts';
import {
  choicesFor,
  handMadeTools,
  literalSecret,
  makeApp,
  makeMaterial,
  makePorts,
  snapshot,
  type SampleApp,
} from './testing/sampleApp.ts';
import type { SetupChoices } from './types.ts';

describe('undo and resume', function () {
  this.timeout(60_000);
  const material = makeMaterial();
  let app: SampleApp;
  let ports: SetupPorts;
  let tools: ResumeTools;
  let before: Record<string, string>;
  const at = (name: string) => join(app.root, name);
  const read = (name: string) => readFileSync(at(name), 'utf8');

  beforeEach(() => {
    app = makeApp({ gitignore: 'node_modules\n' });
    ports = makePorts(app);
    tools = handMadeTools(ports.files);
    before = snapshot(app.root);
  });
  afterEach(() => app.remove());

  async function setUp(more: Partial<SetupChoices> = {}): Promise<void> {
    const planned = await planSetup(choicesFor(app, material, more), tools);
    assert.equal(planned.status, 'plan');
    await applySetup(planned.plan, ports);
  }

  /** Undo must fail with the code and leave everything as it is, so that it can be tried again. */
  async function refuses(code: string, message = /./): Promise<void> {
    const now = snapshot(app.root);
    await assert.rejects(undoSetup(app.config.file, ports), (error: Error & { code?: string }) => {
      assert.equal(error.code, code);
      assert.match(error.message, message);
      return true;
    });
    assert.deepEqual(snapshot(app.root), now);
  }

  it('keep what the user added elsewhere in the same files', async () => {
    await setUp();
    writeFileSync(at('authConfig.js'), `// top\n${read('authConfig.js')}// bottom\n`);
    writeFileSync(at('.env'), `NEW=1\r\n${read('.env')}LAST=2\r\n`);
    writeFileSync(at('.gitignore'), `${read('.gitignore')}dist\n`);
    await undoSetup(app.config.file, ports);
    const expected = (name: string, top: string, bottom: string) => {
      const [, mode = '', text = ''] = /^(\d+ )([^]*)$/.exec(before[name] ?? '') ?? [];
      return mode + top + text + bottom;
    };
    assert.deepEqual(snapshot(app.root), {
      ...before,
      'authConfig.js': expected('authConfig.js', '// top\n', '// bottom\n'),
      '.env': expected('.env', 'NEW=1\r\n', 'LAST=2\r\n'),
      '.gitignore': expected('.gitignore', '', 'dist\n'),
    });
  });

  it('refuse, naming the file, when the user changed the very lines', async () => {
    await setUp();
    const written = read('authConfig.js');
    writeFileSync(at('authConfig.js'), written.replace('certificateFromEnvironment()', 'somethingElse()'));
    await refuses('file-changed', /authConfig\.js changed since the setup/);
    writeFileSync(at('authConfig.js'), written);
    await undoSetup(app.config.file, ports);
    assert.deepEqual(snapshot(app.root), before);
  });

  it('refuse when the inserted text stands in the file twice', async () => {
    await setUp();
    const written = read('.env');
    const block = written.slice(written.indexOf('\r\n# old secret'));
    writeFileSync(at('.env'), `A=1\r\n${written}${block}`);
    await refuses('file-changed', /\.env/);
  });

  it('refuse while the secret of the literal is not where it was kept', async () => {
    await setUp();
    const env = read('.env');
    writeFileSync(at('.env'), env.replace(literalSecret, 'x'.repeat(literalSecret.length)));
    await refuses('file-changed', /CLIENT_SECRET/);
    writeFileSync(at('.env'), env.replace(/CLIENT_SECRET=.*\r\n/, ''));
    await refuses('file-changed', /CLIENT_SECRET/);
    writeFileSync(at('.env'), env);
    await undoSetup(app.config.file, ports);
    assert.deepEqual(snapshot(app.root), before);
  });

  it('leave a key file alone that is not the one they made', async () => {
    await setUp();
    writeFileSync(at('certs/sample-app.key'), 'another key');
    await refuses('file-changed', /sample-app\.key/);
  });

  it('leave a file alone that lies where a temporary one lay until all was done', async () => {
    await setUp({ keyFrom: 'environment', passphrase: 'none' });
    const key = at('certs/sample-app.key');
    assert.equal(existsSync(key), false);
    writeFileSync(key, 'mine');
    await undoSetup(app.config.file, ports);
    assert.equal(readFileSync(key, 'utf8'), 'mine');
    rmSync(at('certs'), { recursive: true });
    assert.deepEqual(snapshot(app.root), before);
  });

  it('take files as undone that the user removed or restored already', async () => {
    await setUp();
    rmSync(at('certs'), { recursive: true });
    writeFileSync(at('.gitignore'), 'node_modules\n');
    await undoSetup(app.config.file, ports);
    assert.deepEqual(snapshot(app.root), before);
  });

  it('leave a folder that holds something else by now', async () => {
    await setUp();
    writeFileSync(at('certs/readme.txt'), 'mine');
    await undoSetup(app.config.file, ports);
    assert.equal(read('certs/readme.txt'), 'mine');
    assert.deepEqual(readdirSync(at('certs')), ['readme.txt']);
  });

  it('refuse unsaved changes and read-only files', async () => {
    await setUp();
    const isDirty = (path: string) => path === at('authConfig.js');
    await assert.rejects(undoSetup(app.config.file, { ...ports, editor: { isDirty } }), { code: 'unsaved-changes' });
    chmodSync(at('.env'), 0o400);
    await refuses('file-read-only', /\.env/);
    chmodSync(at('.env'), 0o604);
    await undoSetup(app.config.file, ports);
    assert.deepEqual(snapshot(app.root), before);
  });

  it('restore the mode of a key file that was there before', async () => {
    const planned = await planSetup(choicesFor(app, material, { passphrase: 'none' }), tools);
    assert.equal(planned.status, 'plan');
    mkdirSync(at('certs'));
    for (const file of planned.plan.files) writeFileSync(file.path, file.bytes, { mode: 0o644 });
    before = snapshot(app.root);
    await applySetup(planned.plan, ports);
    assert.match(snapshot(app.root)['certs/sample-app.key'] ?? '', /^600 /);
    await undoSetup(app.config.file, ports);
    assert.deepEqual(snapshot(app.root), before);
  });

  it('refuse a damaged journal and one of a newer version, and keep both', async () => {
    await setUp();
    const folder = join(app.globalStorage, 'journals');
    const file = join(folder, readdirSync(folder).find((name) => name.endsWith('.json')) ?? '');
    const good = readFileSync(file, 'utf8');
    const asNewer = good.replace('"version": 1', '"version": 99');
    const cut = good.slice(0, good.length / 2);
    const emptied = good.replace(/"inverse": \[[^]*?\n {3}\]/, '"inverse": 5');
    for (const [text, code] of [
      [cut, 'journal-damaged'],
      ['', 'journal-damaged'],
      ['{}', 'journal-damaged'],
      [emptied, 'journal-damaged'],
      [asNewer, 'journal-too-new'],
    ] as const) {
      assert.notEqual(text, good);
      writeFileSync(file, text);
      await refuses(code, /journal/);
      await assert.rejects(resumeSetup(app.config.file, tools, ports), { code });
      const [unfinished] = await unfinishedSetups([app.root], ports);
      assert.equal(unfinished?.problem?.code, code);
      assert.equal(readFileSync(file, 'utf8'), text);
    }
    writeFileSync(file, good);
    await undoSetup(app.config.file, ports);
    assert.deepEqual(snapshot(app.root), before);
  });

  describe('after "Rewrite Later"', () => {
    it('are offered, and finish with the same key', async () => {
      await setUp({ rewriteNow: false });
      assert.equal(read('authConfig.js'), before['authConfig.js']?.slice(4));
      assert.equal(read('.env'), before['.env']?.slice(4));
      const key = read('certs/sample-app.key');
      const [unfinished, ...others] = await unfinishedSetups([app.root], ports);
      assert.deepEqual(others, []);
      assert.equal(unfinished?.state, 'stopped');
      assert.equal(unfinished.resumable, true);
      assert.deepEqual(await unfinishedSetups([join(app.base, 'ap')], ports), []);
      await assert.rejects(setUp(), { code: 'setup-unfinished' });
      const result = await resumeSetup(app.config.file, tools, ports);
      assert.equal(read('certs/sample-app.key'), key);
      assert.equal(existsSync(at('certs/sample-app.passphrase')), false);
      assert.match(read('.env'), /CLIENT_CERTIFICATE_PASSPHRASE="GeneratedPassphrase12345"/);
      assert.ok(result.changed.includes(at('authConfig.js')));
      assert.deepEqual(await unfinishedSetups([], ports), []);
      await assert.rejects(resumeSetup(app.config.file, tools, ports), { code: 'nothing-to-resume' });
      await undoSetup(app.config.file, ports);
      assert.deepEqual(snapshot(app.root), before);
    });

    it('plan from the files as the user left them meanwhile', async () => {
      await setUp({ rewriteNow: false });
      writeFileSync(at('authConfig.js'), read('authConfig.js').replace("'use strict';", "'use strict';\n// more"));
      const edited = read('authConfig.js');
      await resumeSetup(app.config.file, tools, ports);
      assert.match(read('authConfig.js'), /\/\/ more[^]*clientCertificate/);
      await undoSetup(app.config.file, ports);
      assert.deepEqual(snapshot(app.root), { ...before, 'authConfig.js': `640 ${edited}` });
    });

    it('stay stopped when the review says no, and when something is in the way', async () => {
      await setUp({ rewriteNow: false });
      const stopped = snapshot(app.root);
      const review = () => Promise.resolve(false);
      await assert.rejects(resumeSetup(app.config.file, tools, ports, { review }), {
        name: 'CancelledError',
      });
      const isDirty = (path: string) => path === at('.env');
      await assert.rejects(resumeSetup(app.config.file, tools, { ...ports, editor: { isDirty } }), {
        code: 'unsaved-changes',
      });
      renameSync(at('certs/sample-app.key'), at('key-elsewhere'));
      await assert.rejects(resumeSetup(app.config.file, tools, ports), { code: 'key-file-missing' });
      writeFileSync(at('certs/sample-app.key'), 'other', { mode: 0o600 });
      await assert.rejects(resumeSetup(app.config.file, tools, ports), { code: 'key-file-changed' });
      renameSync(at('key-elsewhere'), at('certs/sample-app.key'));
      assert.deepEqual(snapshot(app.root), stopped);
      await resumeSetup(app.config.file, tools, ports);
      await undoSetup(app.config.file, ports);
      assert.deepEqual(snapshot(app.root), before);
    });

    it('go back to where they stopped when the rest fails half-way', async () => {
      await setUp({ rewriteNow: false });
      const stopped = snapshot(app.root);
      const failing: SetupPorts = {
        ...ports,
        files: {
          ...ports.files,
          writeAtomically: async (path, bytes, mode, options) => {
            if (path === at('authConfig.js'))
              throw Object.assign(new Error('disk'), { isExpectedError: true, code: 'disk-full' });
            await ports.files.writeAtomically(path, bytes, mode, options);
          },
        },
      };
      await assert.rejects(resumeSetup(app.config.file, tools, failing), { code: 'disk-full' });
      assert.deepEqual(snapshot(app.root), stopped);
      await resumeSetup(app.config.file, tools, ports);
      await undoSetup(app.config.file, ports);
      assert.deepEqual(snapshot(app.root), before);
    });
  });
});
