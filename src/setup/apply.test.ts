import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isCancelled } from '../base/errors.ts';
import { applySetup, describePlan, planSetup, undoSetup, unfinishedSetups } from './index.ts';
import type { SetupPorts } from './ports.ts';
import {
  choicesFor,
  handMadeTools,
  literalSecret,
  makeApp,
  makeMaterial,
  makePorts,
  otherSecret,
  snapshot,
  type SampleApp,
} from './testing/sampleApp.ts';
import type { SetupChoices, SetupPlan } from './types.ts';

describe('apply and undo', function () {
  this.timeout(60_000);
  const material = makeMaterial();
  let app: SampleApp;
  let ports: SetupPorts;

  beforeEach(() => {
    app = makeApp();
    ports = makePorts(app);
  });
  afterEach(() => app.remove());

  async function plan(more: Partial<SetupChoices> = {}): Promise<SetupPlan> {
    const planned = await planSetup(choicesFor(app, material, more), handMadeTools(ports.files));
    assert.equal(planned.status, 'plan');
    return planned.plan;
  }

  /** Applying must fail with the code and leave app, storage and git as they were. */
  async function refuses(code: string, made: SetupPlan, through: SetupPorts = ports): Promise<void> {
    const before = snapshot(app.root);
    await assert.rejects(applySetup(made, through), { code });
    assert.deepEqual(snapshot(app.root), before);
    assert.deepEqual(await unfinishedSetups([], ports), []);
    await assert.rejects(undoSetup(app.config.file, ports), { code: 'nothing-to-undo' });
  }

  it('give a working new app, and then every byte and mode of the old one', async () => {
    const before = snapshot(app.root);
    const made = await plan();
    const result = await applySetup(made, ports);
    const after = snapshot(app.root);
    assert.match(after['authConfig.js'] ?? '', /^640 [^]*clientCertificate/);
    assert.match(after['.env'] ?? '', /^600 [^]*CLIENT_CERTIFICATE_PASSPHRASE="GeneratedPassphrase12345"/);
    assert.match(after['certs/sample-app.key'] ?? '', /^600 -----BEGIN ENCRYPTED PRIVATE KEY/);
    assert.match(after['certs/sample-app.crt'] ?? '', /^644 -----BEGIN CERTIFICATE/);
    assert.equal(existsSync(join(app.root, 'certs/sample-app.passphrase')), false);
    assert.deepEqual(result.files, {
      certificate: join(app.root, 'certs/sample-app.crt'),
      privateKey: join(app.root, 'certs/sample-app.key'),
    });
    assert.deepEqual(
      [...result.changed].sort(),
      ['.env', '.env.example', '.gitignore', 'authConfig.js'].map((name) => join(app.root, name)),
    );
    assert.deepEqual(result.warnings.map(({ code }) => code), ['not-registered']); // prettier-ignore
    assert.equal(result.thumbprintSha256, material.description.thumbprintSha256);
    const undone = await undoSetup(app.config.file, ports);
    assert.deepEqual(snapshot(app.root), before);
    assert.deepEqual(undone.removed.length, 3);
    await assert.rejects(undoSetup(app.config.file, ports), { code: 'nothing-to-undo' });
  });

  it('keep the key at 0600 and away from git whatever the umask', async () => {
    for (const umask of [0o000, 0o077]) {
      const old = process.umask(umask);
      try {
        await applySetup(await plan({ name: `umask-${umask}` }), ports);
      } finally {
        process.umask(old);
      }
      assert.equal(statSync(join(app.root, `certs/umask-${umask}.key`)).mode & 0o777, 0o600);
      assert.equal(statSync(join(app.root, `certs/umask-${umask}.crt`)).mode & 0o777, 0o644 & ~umask);
      assert.equal(statSync(join(app.root, '.env')).mode & 0o777, 0o600);
      const status = execFileSync('git', ['-C', app.root, 'status', '--porcelain', '-uall'], { encoding: 'utf8' });
      assert.doesNotMatch(status, /certs|\.env$/m);
      await undoSetup(app.config.file, ports);
      assert.equal(statSync(join(app.root, '.env')).mode & 0o777, 0o604);
    }
  });

  it('leave no secret, key or pass phrase in the journal or anywhere else in global storage', async () => {
    const phrase = 'a "typed" pass\\phrase #1';
    for (const keyFrom of ['file', 'environment'] as const) {
      const made = await plan({ passphrase: phrase, keyFrom });
      const seen: string[] = [];
      const spying: SetupPorts = {
        ...ports,
        files: {
          ...ports.files,
          writeAtomically: (path, bytes, mode, options) => {
            if (path.startsWith(app.globalStorage)) seen.push(Buffer.from(bytes).toString('utf8'));
            return ports.files.writeAtomically(path, bytes, mode, options);
          },
        },
      };
      await applySetup(made, spying);
      seen.push(...Object.values(snapshot(app.globalStorage)), describePlan(made).text);
      await undoSetup(app.config.file, spying);
      assert.ok(seen.length > 8);
      const key = Buffer.from(made.files.find(({ role }) => role === 'privateKey')?.bytes ?? []).toString();
      const body = key.split('\n')[3] ?? '';
      const encoded = Buffer.from(key).toString('base64').slice(200, 260);
      assert.equal(body.length, 64);
      for (const text of seen)
        for (const secret of [literalSecret, otherSecret, phrase, JSON.stringify(phrase).slice(1, -1), body, encoded])
          assert.ok(!text.includes(secret), `found ${secret.slice(0, 6)}…`);
    }
  });

  it('do the steps in the order in which stopping anywhere leaves a working app', async () => {
    const order: string[] = [];
    const watching: SetupPorts = {
      ...ports,
      files: {
        ...ports.files,
        writeAtomically: (path, bytes, mode, options) => {
          if (path.startsWith(app.root)) order.push(path.slice(app.root.length + 1));
          return ports.files.writeAtomically(path, bytes, mode, options);
        },
      },
      git: {
        check: (paths, signal) => {
          order.push('git');
          return ports.git.check(paths, signal);
        },
      },
    };
    await applySetup(await plan(), watching);
    assert.deepEqual(order, [
      'git',
      '.gitignore',
      'git',
      'certs/sample-app.passphrase',
      'certs/sample-app.key',
      'certs/sample-app.crt',
      '.env',
      '.env.example',
      'authConfig.js',
    ]);
  });

  it('never overwrite a file that is there', async () => {
    mkdirSync(join(app.root, 'certs'));
    writeFileSync(join(app.root, 'certs/Sample-App.crt'), 'mine');
    const result = await applySetup(await plan(), ports);
    assert.equal(result.files.privateKey, join(app.root, 'certs/sample-app-2.key'));
    assert.equal(readFileSync(join(app.root, 'certs/Sample-App.crt'), 'utf8'), 'mine');
  });

  it('refuse a key file that appeared since the plan', async () => {
    const made = await plan();
    mkdirSync(join(app.root, 'certs'));
    writeFileSync(join(app.root, 'certs/sample-app.key'), 'mine');
    await refuses('file-exists', made);
  });

  for (const file of ['authConfig.js', '.env', '.env.example']) {
    it(`refuse when ${file} changed since the plan`, async () => {
      const made = await plan();
      writeFileSync(join(app.root, file), 'changed\n');
      await refuses('file-changed', made);
    });

    it(`refuse when ${file} has unsaved changes`, async () => {
      const editor = { isDirty: (path: string) => path === join(app.root, file) };
      await refuses('unsaved-changes', await plan(), { ...ports, editor });
    });

    it(`refuse when ${file} is read-only`, async () => {
      const made = await plan();
      chmodSync(join(app.root, file), 0o444);
      await refuses('file-read-only', made);
    });

    it(`refuse when ${file} is a folder by now`, async () => {
      const made = await plan();
      rmSync(join(app.root, file));
      mkdirSync(join(app.root, file));
      await refuses('is-a-folder', made);
    });
  }

  it('take everything back when a file changes while apply runs', async () => {
    const made = await plan();
    const before = snapshot(app.root);
    const racing: SetupPorts = {
      ...ports,
      files: {
        ...ports.files,
        writeAtomically: async (path, bytes, mode, options) => {
          await ports.files.writeAtomically(path, bytes, mode, options);
          if (path.endsWith('.key')) writeFileSync(join(app.root, 'authConfig.js'), '// saved meanwhile\n');
        },
      },
    };
    await assert.rejects(applySetup(made, racing), { code: 'file-changed' });
    assert.deepEqual(snapshot(app.root), { ...before, 'authConfig.js': '640 // saved meanwhile\n' });
  });

  it('refuse text that is not UTF-8', async () => {
    writeFileSync(join(app.root, '.env'), Buffer.from('# caf\xe9\nPORT=1\n', 'latin1'));
    await refuses('file-not-utf8', await plan());
  });

  it('refuse a key path that git tracks, and say how to get out', async () => {
    const made = await plan();
    mkdirSync(join(app.root, 'certs'));
    const key = join(app.root, 'certs/sample-app.key');
    writeFileSync(key, 'x');
    execFileSync('git', ['-C', app.root, 'add', '-f', key]);
    rmSync(key);
    await refuses('key-tracked-by-git', made);
    await assert.rejects(applySetup(made, ports), /git rm --cached/);
  });

  it('refuse to put secret values into an .env that git tracks', async () => {
    execFileSync('git', ['-C', app.root, 'add', '-f', '.env']);
    await refuses('env-tracked-by-git', await plan());
  });

  it('refuse when another rule makes git take the key after all', async () => {
    mkdirSync(join(app.root, 'certs'));
    writeFileSync(join(app.root, 'certs/.gitignore'), '!*\n');
    await refuses('key-not-ignored', await plan());
  });

  it('work where there is no git repository', async () => {
    app.remove();
    app = makeApp({ git: false });
    ports = makePorts(app);
    const before = snapshot(app.root);
    await applySetup(await plan(), ports);
    await undoSetup(app.config.file, ports);
    assert.deepEqual(snapshot(app.root), before);
  });

  it('write through a linked .env and config, and keep the links', async () => {
    mkdirSync(join(app.base, 'shared'));
    for (const name of ['.env', 'authConfig.js']) {
      renameSync(join(app.root, name), join(app.base, 'shared', name));
      symlinkSync(join('..', 'shared', name), join(app.root, name));
    }
    const before = { ...snapshot(app.root), ...snapshot(join(app.base, 'shared')) };
    await applySetup(await plan(), ports);
    assert.ok(lstatSync(join(app.root, '.env')).isSymbolicLink());
    assert.match(readFileSync(join(app.base, 'shared/authConfig.js'), 'utf8'), /clientCertificate/);
    await undoSetup(app.config.file, ports);
    assert.ok(lstatSync(join(app.root, 'authConfig.js')).isSymbolicLink());
    assert.deepEqual({ ...snapshot(app.root), ...snapshot(join(app.base, 'shared')) }, before);
  });

  it('refuse an .env that is a link to nowhere', async () => {
    rmSync(join(app.root, '.env'));
    symlinkSync('nowhere/.env', join(app.root, '.env'));
    await assert.rejects(applySetup(await plan(), ports), { code: 'broken-link' });
    assert.equal(existsSync(join(app.root, 'certs')), false);
  });

  it('leave nothing behind when cancelled at any step', async () => {
    const before = snapshot(app.root);
    for (let at = 1; at <= 30; at++) {
      const controller = new AbortController();
      let writes = 0;
      const counting: SetupPorts = {
        ...ports,
        files: {
          ...ports.files,
          writeAtomically: async (path, bytes, mode, options) => {
            await ports.files.writeAtomically(path, bytes, mode, options);
            if (++writes === at) controller.abort();
          },
        },
      };
      const cancelled = await applySetup(await plan(), counting, { signal: controller.signal }).then(
        () => false,
        (error: unknown) => isCancelled(error),
      );
      if (!cancelled) {
        // Aborted after the last step: there was nothing left to cancel.
        assert.ok(at > 14, `only ${at} writes`);
        await undoSetup(app.config.file, ports);
      }
      assert.deepEqual(snapshot(app.root), before, `cancelled after write ${at}`);
      assert.deepEqual(await unfinishedSetups([], ports), []);
    }
  });

  it('keep the first setup undoable under a second one', async () => {
    const before = snapshot(app.root);
    await applySetup(await plan(), ports);
    const between = snapshot(app.root);
    writeFileSync(app.config.file, readFileSync(app.config.file, 'utf8').replace(/clientCertificate: .*,/, `clientSecret: '${literalSecret}',`)); // prettier-ignore
    const edited = snapshot(app.root);
    await applySetup(await plan(), ports);
    await undoSetup(app.config.file, ports);
    assert.deepEqual(snapshot(app.root), edited);
    writeFileSync(app.config.file, (between['authConfig.js'] ?? '').slice(4));
    await undoSetup(app.config.file, ports);
    assert.deepEqual(snapshot(app.root), before);
  });
});
