import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileEdits } from '../appConfig/types.ts';
import { isExpectedError } from '../base/errors.ts';
import { applySetup } from './apply.ts';
import { createJournalStore } from './journalStore.ts';
import { takeLock } from './lock.ts';
import { planSetup } from './plan.ts';
import { prepareRetirement, underRetirement } from './retire.ts';
import {
  choicesFor,
  envBefore,
  handMadeTools,
  makeApp,
  makeMaterial,
  makePorts,
  otherSecret,
  type SampleApp,
} from './testing/sampleApp.ts';
import { undoSetup } from './undo.ts';

describe('taking a retired secret out of files', () => {
  let app: SampleApp;
  beforeEach(() => {
    app = makeApp({ git: false });
  });
  afterEach(() => app.remove());
  const env = () => join(app.root, '.env');
  const example = () => join(app.root, '.env.example');
  const removal = (path: string, before: string, text: string): FileEdits => ({
    path,
    role: 'env',
    before,
    edits: [{ offset: before.indexOf(text), length: text.length, text: '' }],
    secrets: [{ value: otherSecret }],
  });
  const edits = () => [
    removal(env(), envBefore, `DB_PASSWORD="${otherSecret}"\r\n`),
    removal(example(), 'PORT=\n', 'PORT=\n'),
  ];
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: unknown) => (isExpectedError(error) ? error.code : Promise.reject(error as Error)),
    );

  it('writes all, keeps the modes, and brings every byte back', async () => {
    const local = await prepareRetirement(app.config.file, edits(), makePorts(app));
    assert.deepEqual(local.paths, [env(), example()]);
    await local.write();
    assert.equal(readFileSync(env(), 'utf8'), envBefore.replace(`DB_PASSWORD="${otherSecret}"\r\n`, ''));
    assert.deepEqual([readFileSync(example(), 'utf8'), statSync(env()).mode & 0o777], ['', 0o604]);
    await local.undo();
    assert.deepEqual([readFileSync(env(), 'utf8'), readFileSync(example(), 'utf8')], [envBefore, 'PORT=\n']);
    assert.equal(await codeOf(local.undo()), 'file-changed');
  });

  it('touches nothing when a file was changed since, or undone when one was changed after', async () => {
    const local = await prepareRetirement(app.config.file, edits(), makePorts(app));
    writeFileSync(example(), 'PORT=1\n');
    assert.equal(await codeOf(local.write()), 'file-changed');
    assert.equal(readFileSync(env(), 'utf8'), envBefore);
    writeFileSync(example(), 'PORT=\n');
    await local.write();
    writeFileSync(env(), 'PORT=4000');
    assert.equal(await codeOf(local.undo()), 'file-changed');
    assert.deepEqual([readFileSync(env(), 'utf8'), readFileSync(example(), 'utf8')], ['PORT=4000', '']);
  });

  it('refuses unsaved changes before anything is removed anywhere', async () => {
    const ports = { ...makePorts(app), editor: { isDirty: (path: string) => path === env() } };
    assert.equal(await codeOf(prepareRetirement(app.config.file, edits(), ports)), 'unsaved-changes');
  });

  it('puts the first file back when the second cannot be written', async () => {
    const ports = makePorts(app);
    const failing = {
      ...ports,
      files: {
        ...ports.files,
        writeAtomically: (path: string, bytes: Uint8Array, mode: number) =>
          path === example() ? Promise.reject(new Error('disk')) : ports.files.writeAtomically(path, bytes, mode),
      },
    };
    const local = await prepareRetirement(app.config.file, edits(), failing);
    await assert.rejects(local.write(), /disk/);
    assert.equal(readFileSync(env(), 'utf8'), envBefore);
  });

  it('is refused before the secret is removed while another window works on the app', async () => {
    const ports = makePorts(app);
    const local = await prepareRetirement(app.config.file, edits(), ports);
    const removed: string[] = [];
    const remove = () =>
      underRetirement(app.config.file, local, ports, async (finish) => {
        removed.push('the secret');
        // Nobody comes in between the removal and its end.
        assert.equal(await codeOf(undoSetup(app.config.file, ports)), 'setup-in-progress');
        return finish(local, '');
      });
    const stem = createJournalStore(ports.journalFolder, ports.files).stem(app.config.file);
    const release = await takeLock(stem, ports);
    assert.equal(await codeOf(remove()), 'setup-in-progress');
    assert.deepEqual(removed, []);
    await release();
    assert.deepEqual(await remove(), { written: true, problems: [] });
    assert.ok(!readFileSync(env(), 'utf8').includes(otherSecret));
  });

  it('closes the way back to the secret whatever becomes of the files', async () => {
    const ports = makePorts(app);
    const tools = handMadeTools(ports.files);
    const planned = await planSetup(choicesFor(app, makeMaterial()), tools);
    assert.ok(planned.status === 'plan');
    await applySetup(planned.plan, ports);
    const now = readFileSync(env(), 'utf8');
    const local = await prepareRetirement(
      app.config.file,
      [removal(env(), now, `DB_PASSWORD="${otherSecret}"\r\n`)],
      ports,
    );
    writeFileSync(env(), `${now}TOUCHED=1\r\n`);
    const { written, problems } = await underRetirement(app.config.file, local, ports, (finish) =>
      finish(local, app.config.clientId?.value ?? ''),
    );
    assert.deepEqual([written, problems.map(({ code }) => code)], [false, ['file-changed']]);
    assert.equal(await codeOf(undoSetup(app.config.file, ports)), 'secret-retired');
  });
});
