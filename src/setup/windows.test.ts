/** A setup on Windows, where the mode of a file says nothing and its access list is what protects it. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applySetup, noteRetired, planSetup, prepareRetirement, saveFiles, undoSetup } from './index.ts';
import type { SetupPorts } from './ports.ts';
import {
  choicesFor,
  envBefore,
  handMadeTools,
  makeApp,
  makeMaterial,
  makePorts,
  otherSecret,
} from './testing/sampleApp.ts';
import type { SampleApp } from './testing/sampleApp.ts';
import { own, makeWindows, user } from './testing/windows.ts';
import type { TestWindows } from './testing/windows.ts';
import { createNodeFiles } from '../ui/nodeSetupPorts.ts';

/** A list that somebody else made: no inherited rights, two accounts. */
const shared = `D:P(A;;FA;;;${user})(A;;FR;;;S-1-5-82-1-2-3)`;
const added = `D:AI(A;;FR;;;S-1-5-82-1-2-3)(A;ID;FA;;;BA)`;

describe('on Windows', function () {
  this.timeout(60_000);
  let windows: TestWindows;

  describe('a setup', () => {
    let app: SampleApp;
    let ports: SetupPorts;
    const env = () => join(app.root, '.env');
    beforeEach(() => {
      windows = makeWindows();
      app = makeApp({ gitignore: 'node_modules\n' });
      ports = { ...makePorts(app), files: createNodeFiles(windows.processes, windows.options) };
    });
    afterEach(() => app.remove());

    it('makes no file read-only, forwards, when its secret is retired, and backwards', async () => {
      windows.lists.set(env(), shared);
      const planned = await planSetup(choicesFor(app, makeMaterial()), handMadeTools(ports.files));
      assert.ok(planned.status === 'plan');
      await applySetup(planned.plan, ports);
      assert.deepEqual(windows.readOnly, []);
      assert.equal(windows.lists.get(env()), shared);
      assert.equal(windows.lists.get(join(app.root, 'certs', 'sample-app.key')), own);
      const now = readFileSync(env(), 'utf8');
      const offset = now.indexOf('DB_PASSWORD');
      const edits = [{ offset, length: `DB_PASSWORD="${otherSecret}"\r\n`.length, text: '' }];
      const removal = { path: env(), role: 'env', before: now, edits, secrets: [] } as const;
      const local = await prepareRetirement(app.config.file, [removal], ports);
      await local.write();
      await local.undo();
      await undoSetup(app.config.file, ports);
      assert.deepEqual(windows.readOnly, []);
      assert.equal(readFileSync(env(), 'utf8'), envBefore);
      assert.equal(windows.lists.get(env()), shared);
      await noteRetired(app.config.file, ports);
    });

    it('extends a .gitignore that stays writable', async () => {
      const file = { path: join(app.root, 'a.key'), role: 'privateKey', mode: 0o600, bytes: Buffer.from('k') } as const;
      await saveFiles([file], ports);
      assert.deepEqual(windows.readOnly, []);
      assert.match(readFileSync(join(app.root, '.gitignore'), 'utf8'), /^node_modules\n\/a\.key\n/);
    });
  });

  describe('a file that is replaced', () => {
    let folder: string;
    let file: string;
    const write = (mode = 0) =>
      createNodeFiles(windows.processes, windows.options).writeAtomically(file, Buffer.from('new'), mode);
    beforeEach(() => {
      windows = makeWindows();
      folder = mkdtempSync(join(tmpdir(), 'ccg-windows-'));
      file = join(folder, '.env');
      writeFileSync(file, 'old');
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it('keeps the access list that it has of its own, and inherits as before where it has none', async () => {
      for (const list of [shared, added, own]) {
        windows.lists.set(file, list);
        await write();
        assert.deepEqual([...windows.lists], [[file, list]]);
      }
      windows.lists.clear();
      await write();
      assert.deepEqual([windows.lists.size, readFileSync(file, 'utf8')], [0, 'new']);
      // A drive without access lists.
      windows.failing.add('icacls /save');
      await write();
    });

    it('is at least protected, or stays as it is, where its list cannot be given to the new one', async () => {
      windows.failing.add('icacls /restore');
      windows.lists.set(file, shared);
      await write();
      assert.equal(windows.lists.get(file), own);
      windows.lists.set(file, added);
      writeFileSync(file, 'old');
      await assert.rejects(write(), { code: 'protection-failed' });
      assert.deepEqual([readFileSync(file, 'utf8'), windows.lists.get(file)], ['old', added]);
      windows.lists.set(file, shared);
      windows.failing.add('whoami');
      await assert.rejects(write(), { code: 'protection-failed' });
      assert.equal(readFileSync(file, 'utf8'), 'old');
    });
  });
});
