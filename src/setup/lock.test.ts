import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeFiles } from '../ui/nodeSetupPorts.ts';
import { nodeLockOwners, nodeProcesses } from '../ui/nodeProcesses.ts';
import { lockHolder, takeLock, type LockPorts } from './lock.ts';
import { applySetup, planSetup } from './index.ts';
import { choicesFor, clock, handMadeTools, makeApp, makeMaterial, makePorts, snapshot } from './testing/sampleApp.ts';

describe('the lock', function () {
  this.timeout(120_000);
  let folder: string;
  let stem: string;
  const ports: LockPorts = { files: createNodeFiles(nodeProcesses), processes: nodeLockOwners, clock };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ccg-lock-'));
    stem = join(folder, 'journals', 'abc');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (number: number, holder: unknown) =>
    writeFileSync(`${stem}.lock.${number}`, typeof holder === 'string' ? holder : JSON.stringify(holder));

  it('is held once, named to others, and given back', async () => {
    const release = await takeLock(stem, ports);
    await assert.rejects(takeLock(stem, ports), { code: 'setup-in-progress' });
    assert.equal((await lockHolder(stem, ports))?.pid, process.pid);
    await release();
    assert.equal(await lockHolder(stem, ports), undefined);
    assert.deepEqual(readdirSync(join(folder, 'journals')), []);
  });

  it('of a dead process is passed, also when its number is in use again', async () => {
    await (
      await takeLock(stem, ports)
    )();
    const child = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => child.on('exit', resolve));
    write(3, { pid: child.pid, host: hostname(), started: 'long ago', since: '' });
    write(4, { pid: process.pid, host: hostname(), started: 'another boot/1', since: '' });
    for (const [index, damaged] of ['torn', 'null', '{}', '[1]', '{"pid":"1","host":""}'].entries())
      write(5 + index, damaged);
    const release = await takeLock(stem, ports);
    assert.deepEqual(readdirSync(join(folder, 'journals')), ['abc.lock.10']);
    await release();
  });

  it('of another living process is respected until that process dies', async () => {
    await (
      await takeLock(stem, ports)
    )();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await new Promise((resolve) => child.on('spawn', resolve));
    write(1, { pid: child.pid, host: hostname(), started: '', since: '' });
    await assert.rejects(takeLock(stem, ports), { code: 'setup-in-progress' });
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('exit', resolve));
    await (
      await takeLock(stem, ports)
    )();
  });

  it('of another host is respected', async () => {
    await (
      await takeLock(stem, ports)
    )();
    write(1, { pid: 1, host: 'elsewhere', started: '', since: '2026-11-23T00:00:00Z' });
    await assert.rejects(takeLock(stem, ports), /process 1 on elsewhere/);
  });

  it('goes to at most one of many that come at once', async () => {
    await (
      await takeLock(stem, ports)
    )();
    write(1, { pid: 4_000_000, host: hostname(), started: '', since: '' });
    const results = await Promise.allSettled(Array.from({ length: 12 }, () => takeLock(stem, ports)));
    const winners = results.filter(({ status }) => status === 'fulfilled');
    assert.ok(winners.length <= 1, `${winners.length} winners`);
    for (const result of results)
      if (result.status === 'rejected') assert.equal((result.reason as { code: string }).code, 'setup-in-progress');
  });

  it('lets one of two setups through and refuses the other', async () => {
    const app = makeApp();
    try {
      const setup = makePorts(app);
      const planned = await planSetup(choicesFor(app, makeMaterial()), handMadeTools(setup.files));
      assert.equal(planned.status, 'plan');
      let begun = (): void => undefined;
      const atKey = new Promise<void>((resolve) => (begun = resolve));
      let goOn = (): void => undefined;
      const gate = new Promise<void>((resolve) => (goOn = resolve));
      const slow = {
        ...setup,
        files: {
          ...setup.files,
          writeAtomically: async (...args: Parameters<typeof setup.files.writeAtomically>) => {
            if (args[0].endsWith('.key')) {
              begun();
              await gate;
            }
            await setup.files.writeAtomically(...args);
          },
        },
      };
      const first = applySetup(planned.plan, slow);
      await atKey;
      const now = snapshot(app.root);
      await assert.rejects(applySetup(planned.plan, setup), { code: 'setup-in-progress' });
      assert.deepEqual(snapshot(app.root), now);
      goOn();
      await first;
    } finally {
      app.remove();
    }
  });
});
