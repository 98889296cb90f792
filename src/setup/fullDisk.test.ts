import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applySetup, planSetup, undoSetup, unfinishedSetups } from './index.ts';
import { choicesFor, handMadeTools, makeApp, makeMaterial, makePorts, snapshot } from './testing/sampleApp.ts';

/** Mounting needs root; elsewhere these count as skipped. */
function mount(folder: string, options: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status === 0;
}

describe('a disk that takes no more', function () {
  this.timeout(120_000);
  const material = makeMaterial();
  let folder: string;

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ccg-disk-'))));
  afterEach(() => {
    spawnSync('umount', [folder]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('full at any moment of apply leaves the old app whole', async function () {
    if (!mount(folder, 'size=256k,mode=700')) this.skip();
    const app = makeApp({ base: folder, git: false });
    const ports = { ...makePorts(app), journalFolder: mkdtempSync(join(tmpdir(), 'ccg-journals-')) };
    const before = snapshot(app.root);
    const page = statfsSync(folder).bsize;
    const failures: string[] = [];
    try {
      for (let free = 0; ; free++) {
        const planned = await planSetup(choicesFor(app, material), handMadeTools(ports.files));
        assert.equal(planned.status, 'plan');
        // All but `free` pages of the disk, page by page: tmpfs hands out no less.
        for (let i = 0; statfsSync(folder).bavail > free; i++)
          writeFileSync(join(folder, `fill-${i}`), Buffer.alloc(page));
        const code = await applySetup(planned.plan, ports).then(
          () => undefined,
          (error: unknown) => (error as { code?: string }).code ?? 'a bug',
        );
        for (const name of readdirSync(folder)) if (name.startsWith('fill-')) rmSync(join(folder, name));
        if (code === undefined) {
          await undoSetup(app.config.file, ports);
          assert.deepEqual(snapshot(app.root), before);
          break;
        }
        failures.push(code);
        assert.deepEqual(snapshot(app.root), before, `${free} pages free`);
        assert.deepEqual(await unfinishedSetups([], ports), []);
      }
    } finally {
      rmSync(ports.journalFolder, { recursive: true });
    }
    assert.ok(failures.length > 3, `${failures.length} failures`);
    assert.deepEqual([...new Set(failures)], ['disk-full']);
  });

  it('full where the journal lies is told before anything is touched', async function () {
    if (!mount(folder, 'size=16k,mode=700')) this.skip();
    const app = makeApp();
    try {
      const ports = { ...makePorts(app), journalFolder: join(folder, 'journals') };
      const before = snapshot(app.root);
      const planned = await planSetup(choicesFor(app, material), handMadeTools(ports.files));
      assert.equal(planned.status, 'plan');
      for (let i = 0; statfsSync(folder).bavail > 2; i++) writeFileSync(join(folder, `fill-${i}`), Buffer.alloc(4096));
      await assert.rejects(applySetup(planned.plan, ports), { code: 'disk-full' });
      assert.deepEqual(snapshot(app.root), before);
    } finally {
      app.remove();
    }
  });

  it('mounted read-only is refused', async function () {
    if (!mount(folder, 'size=256k,mode=700')) this.skip();
    const app = makeApp({ base: folder, git: false });
    const ports = { ...makePorts(app), journalFolder: mkdtempSync(join(tmpdir(), 'ccg-journals-')) };
    try {
      const planned = await planSetup(choicesFor(app, material), handMadeTools(ports.files));
      assert.equal(planned.status, 'plan');
      assert.equal(spawnSync('mount', ['-o', 'remount,ro', folder]).status, 0);
      await assert.rejects(applySetup(planned.plan, ports), { code: 'file-read-only' });
    } finally {
      rmSync(ports.journalFolder, { recursive: true });
    }
  });
});
