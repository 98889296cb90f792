import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applySetup, planSetup, resumeSetup, undoSetup, unfinishedSetups } from './index.ts';
import { readManifests } from './manifests.ts';
import type { Installer, SetupPorts } from './ports.ts';
import { copyTree } from './testing/copyTree.ts';
import { noteRetired } from './wayBack.ts';
import { choicesFor, makeApp, makeMaterial, makePorts } from './testing/sampleApp.ts';
import { sampleVault, snapshot, type SampleApp } from './testing/sampleApp.ts';

/** Odd on purpose: what is written by hand has to come back as it was. */
const manifestBefore = '{"name":"app",\r\n  "scripts":{ "start" : "node ." }}';
const manifestAfter = `${JSON.stringify(
  { name: 'app', scripts: { start: 'node .' }, dependencies: { '@azure/identity': '^4.13.0' } },
  undefined,
  2,
)}\n`;

const naming = (...files: string[]) => ({ naming: () => Promise.resolve(files) });

import { installingTools, packagesInstalled } from './testing/installingTools.ts';

describe('the way back from an installation', () => {
  const material = makeMaterial();
  let app: SampleApp;
  let whileInstalling: () => void;
  let whenInstalled: () => Promise<void>;
  let before: Record<string, string>;

  const fileIn = (name: string) => join(app.root, name);
  const copies = () => readdirSync(join(app.globalStorage, 'journals')).filter((name) => name.includes('-'));

  beforeEach(() => {
    app = makeApp();
    writeFileSync(fileIn('package.json'), manifestBefore);
    writeFileSync(fileIn('yarn.lock'), 'lock before\n');
    before = snapshot(app.root);
    whileInstalling = () => undefined;
    whenInstalled = () => Promise.resolve();
  });
  afterEach(() => {
    app.remove();
  });

  function portsOf(of: SampleApp): SetupPorts {
    const ports = makePorts(of);
    const installer: Installer = {
      install: async ({ folder }, roots, { onKept } = {}) => {
        await onKept?.(await readManifests(folder, roots, ports.files));
        writeFileSync(join(folder, 'package.json'), manifestAfter);
        whileInstalling();
        writeFileSync(join(folder, 'yarn.lock'), 'lock after\n');
        writeFileSync(join(folder, '.pnp.cjs'), 'made');
        await whenInstalled();
        return { takeBack: () => Promise.resolve() };
      },
    };
    return { ...ports, installer };
  }

  async function setUp() {
    const choices = choicesFor(app, material, { keyFrom: 'keyVault', vault: sampleVault, rewriteNow: true });
    const planned = await planSetup(choices, installingTools(app));
    assert.equal(planned.status, 'plan');
    return applySetup(planned.plan, portsOf(app));
  }

  /** Leaves what a process that was killed while it installed would have left: everything as it is then, and its lock nobody's. */
  async function killWhileInstalling(): Promise<void> {
    const copy = `${app.base}-copy`;
    whileInstalling = () => {
      copyTree(app.base, copy);
    };
    await setUp();
    app.remove();
    renameSync(copy, app.base);
    const journals = join(app.globalStorage, 'journals');
    for (const name of readdirSync(journals)) if (name.includes('.lock.')) rmSync(join(journals, name));
    whileInstalling = () => undefined;
    assert.equal(readFileSync(fileIn('package.json'), 'utf8'), manifestAfter);
  }

  it('undo puts package.json and lock files back to the byte, and keeps no copy of them', async () => {
    await setUp();
    assert.equal(readFileSync(fileIn('package.json'), 'utf8'), manifestAfter);
    assert.equal(copies().length, 2);
    const undone = await undoSetup(app.config.file, makePorts(app), naming(app.config.file, fileIn('package.json')));
    assert.deepEqual(snapshot(app.root), before);
    assert.ok(undone.restored.includes(fileIn('package.json')) && undone.removed.includes(fileIn('.pnp.cjs')));
    assert.equal(undone.installed, undefined);
    assert.deepEqual(copies(), []);
  });

  it('undo leaves them where one was changed since, by whomever', async () => {
    await setUp();
    writeFileSync(fileIn('yarn.lock'), 'lock with a patch\n');
    const undone = await undoSetup(app.config.file, makePorts(app), naming());
    assert.deepEqual(undone.installed, packagesInstalled);
    assert.equal(readFileSync(fileIn('package.json'), 'utf8'), manifestAfter);
    assert.equal(readFileSync(fileIn('yarn.lock'), 'utf8'), 'lock with a patch\n');
  });

  for (const [where, options] of [
    ['other code uses the packages', naming('/elsewhere/storage.js')],
    ['nobody can tell whether it does', {}],
  ] as const) {
    it(`undo leaves them where ${where}`, async () => {
      await setUp();
      const undone = await undoSetup(app.config.file, makePorts(app), options);
      assert.deepEqual(undone.installed, packagesInstalled);
      assert.equal(readFileSync(fileIn('package.json'), 'utf8'), manifestAfter);
    });
  }

  it('undo names no packages where the files are back already', async () => {
    await setUp();
    writeFileSync(fileIn('package.json'), manifestBefore);
    writeFileSync(fileIn('yarn.lock'), 'lock before\n');
    rmSync(fileIn('.pnp.cjs'));
    const undone = await undoSetup(app.config.file, makePorts(app));
    assert.equal(undone.installed, undefined);
    assert.deepEqual(snapshot(app.root), before);
  });

  it('undo touches nothing while package.json has unsaved changes', async () => {
    await setUp();
    const after = snapshot(app.root);
    const editor = { isDirty: (path: string) => path === fileIn('package.json') };
    const undoing = undoSetup(app.config.file, { ...makePorts(app), editor }, naming());
    await assert.rejects(undoing, { code: 'unsaved-changes' });
    assert.deepEqual(snapshot(app.root), after);
  });

  it('no copy outlives the way back', async () => {
    await setUp();
    await noteRetired(app.config.file, makePorts(app));
    assert.deepEqual(copies(), []);
    await assert.rejects(undoSetup(app.config.file, makePorts(app), naming()), { code: 'secret-retired' });
  });

  it('what fails after the installation takes it back', async () => {
    whenInstalled = () => {
      writeFileSync(app.config.file, '// rewritten meanwhile\n');
      return Promise.resolve();
    };
    await assert.rejects(setUp(), { code: 'file-changed' });
    assert.equal(readFileSync(fileIn('package.json'), 'utf8'), manifestBefore);
    assert.equal(readFileSync(fileIn('yarn.lock'), 'utf8'), 'lock before\n');
    assert.equal(existsSync(fileIn('.pnp.cjs')), false);
    assert.deepEqual(copies(), []);
  });

  it('an installation that was killed is undone', async () => {
    await killWhileInstalling();
    const ports = makePorts(app);
    assert.equal((await unfinishedSetups([app.root], ports))[0]?.state, 'interrupted');
    await undoSetup(app.config.file, ports);
    assert.deepEqual(snapshot(app.root), before);
    assert.deepEqual(await unfinishedSetups([app.root], ports), []);
  });

  it('an installation that was killed is begun anew when the setup is continued', async () => {
    await killWhileInstalling();
    let found = '';
    const { installer, ...ports } = portsOf(app);
    const looking: Installer = {
      install: (install, roots, options) => {
        found = readFileSync(fileIn('package.json'), 'utf8');
        assert.ok(installer);
        return installer.install(install, roots, options);
      },
    };
    await resumeSetup(app.config.file, installingTools(app), { ...ports, installer: looking });
    assert.equal(found, manifestBefore);
    assert.equal(readFileSync(fileIn('package.json'), 'utf8'), manifestAfter);
    await undoSetup(app.config.file, ports, naming());
    assert.deepEqual(snapshot(app.root), before);
  });

  it('undoing a killed installation leaves what its user has written into package.json since', async () => {
    await killWhileInstalling();
    const edited = manifestAfter.replace('node .', 'node server.js');
    writeFileSync(fileIn('package.json'), edited);
    await undoSetup(app.config.file, makePorts(app));
    assert.equal(readFileSync(fileIn('package.json'), 'utf8'), edited);
  });

  it('undo leaves the packages where another setup needs them', async () => {
    await setUp();
    const other = join(app.root, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'config.js'), '');
    const journals = join(app.globalStorage, 'journals');
    const [own = ''] = readdirSync(journals).filter((name) => name.endsWith('.json'));
    const text = readFileSync(join(journals, own), 'utf8');
    const journal = JSON.parse(text) as Record<string, unknown>;
    const copy = { ...journal, config: join(other, 'config.js'), steps: [], files: {}, variables: {} };
    writeFileSync(join(journals, `${'0'.repeat(32)}.json`), JSON.stringify(copy));
    const undone = await undoSetup(app.config.file, makePorts(app), naming());
    assert.deepEqual(undone.installed, packagesInstalled);
  });
});
