import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessRunner } from '../base/ports.ts';
import { createAccessControl } from './nodeAccessControl.ts';
import { nodeLockOwners, nodeProcesses } from './nodeProcesses.ts';
import { createNodeFiles } from './nodeSetupPorts.ts';

const node = process.execPath;

describe('programs', () => {
  it('get arguments as they are, input, environment and folder', async () => {
    const script = `process.stdin.pipe(process.stdout); console.error(process.argv[1], process.env.X, process.cwd()); process.exitCode = 7`;
    const result = await nodeProcesses.run(node, ['-e', script, '$(id) "x" ; *'], {
      input: 'in',
      env: { X: 'y' },
      cwd: '/',
    });
    assert.deepEqual(result, { exitCode: 7, stdout: 'in', stderr: '$(id) "x" ; * y /\n' });
  });

  it('that do not exist, or whose folder does not, are told apart', async () => {
    await assert.rejects(nodeProcesses.run('no-such-program', []), { code: 'program-not-found' });
    await assert.rejects(nodeProcesses.run(node, [], { cwd: '/no/such/folder' }), { code: 'folder-not-found' });
  });

  it('end when they take too long, say too much or are cancelled, even when they would not', async () => {
    const stubborn = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`;
    await assert.rejects(nodeProcesses.run(node, ['-e', stubborn], { timeout: 300 }), { code: 'program-timed-out' });
    const loud = `const x = 'x'.repeat(1 << 20); const go = () => process.stdout.write(x, go); go()`;
    await assert.rejects(nodeProcesses.run(node, ['-e', loud]), { code: 'program-output-too-large' });
    const controller = new AbortController();
    const run = nodeProcesses.run(node, ['-e', 'setInterval(() => {}, 1000)'], { signal: controller.signal });
    controller.abort();
    await assert.rejects(run, { name: 'CancelledError' });
    await assert.rejects(nodeProcesses.run(node, [], { signal: controller.signal }), { name: 'CancelledError' });
  }).timeout(120_000);

  it('may close their input without reading it', async () => {
    const result = await nodeProcesses.run(node, ['-e', ''], { input: 'x'.repeat(1 << 20) });
    assert.equal(result.exitCode, 0);
  });
});

describe('lock owners', () => {
  it('are running, gone, or another process with the same number', async () => {
    const self = await nodeLockOwners.self();
    assert.equal(await nodeLockOwners.isRunning(self), true);
    assert.equal(await nodeLockOwners.isRunning({ pid: 4_000_000, host: hostname(), started: '' }), false);
    assert.equal(await nodeLockOwners.isRunning({ pid: 4_000_000, host: 'elsewhere', started: '' }), true);
    if (process.platform === 'linux') assert.equal(await nodeLockOwners.isRunning({ ...self, started: 'x/1' }), false);
  });
});

/** Records what would be run on Windows. */
function recorder(answers: Record<string, string>): ProcessRunner & { calls: string[][] } {
  const calls: string[][] = [];
  return {
    calls,
    run: (program, args) => {
      calls.push([program, ...args]);
      const stdout = answers[program];
      return Promise.resolve({
        exitCode: stdout === undefined ? 5 : 0,
        stdout: stdout ?? '',
        stderr: 'Access is denied.',
      });
    },
  };
}

describe('protection on Windows', () => {
  const whoami = `"CONTOSO\\Jo ""x""","S-1-5-21-1-2-3-1001"\r\n`;
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ccg-acl-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives the half-written key to this user alone before it holds anything', async () => {
    const processes = recorder({ whoami, icacls: 'ok' });
    let size = -1;
    const spying: ProcessRunner = {
      run: (program, args) => {
        if (program === 'icacls') size = readFileSync(args[0] ?? '').length;
        return processes.run(program, args);
      },
    };
    const key = join(folder, 'app.key');
    await createNodeFiles(spying, { platform: 'win32' }).writeAtomically(key, Buffer.from('key'), 0o600, {
      exclusive: true,
    });
    assert.equal(readFileSync(key, 'utf8'), 'key');
    assert.equal(size, 0);
    const temporary = join(folder, '.app.ccg-tmp.key');
    assert.deepEqual(processes.calls, [
      ['whoami', '/user', '/fo', 'csv', '/nh'],
      ['icacls', temporary, '/inheritance:r', '/grant:r', '*S-1-5-21-1-2-3-1001:F'],
    ]);
  });

  it('that fails leaves no key', async () => {
    const incomplete: Record<string, string>[] = [{}, { whoami }, { whoami: 'nonsense', icacls: 'ok' }];
    for (const answers of incomplete) {
      const files = createNodeFiles(recorder(answers), { platform: 'win32' });
      const key = join(folder, 'app.key');
      await assert.rejects(files.writeAtomically(key, Buffer.from('key'), 0o600), { code: 'protection-failed' });
      assert.deepEqual(await files.list(folder), []);
    }
    await assert.rejects(createAccessControl(recorder({})).protect('x'), /Access is denied/);
  });
});

describe('files', () => {
  let folder: string;
  const files = createNodeFiles(nodeProcesses);
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ccg-files-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are made with exactly the mode, or with what the umask leaves', async () => {
    const old = process.umask(0o027);
    try {
      await files.writeAtomically(join(folder, 'exact'), Buffer.from('1'), 0o666);
      await files.writeAtomically(join(folder, 'usual'), Buffer.from('1'), 0o666, { umask: true });
    } finally {
      process.umask(old);
    }
    assert.equal((await files.stat(join(folder, 'exact')))?.mode, 0o666);
    assert.equal((await files.stat(join(folder, 'usual')))?.mode, 0o640);
  });

  it('that exist are not replaced by an exclusive write, which leaves no temporary file', async () => {
    const path = join(folder, 'a.key');
    writeFileSync(path, 'old');
    await assert.rejects(files.writeAtomically(path, Buffer.from('new'), 0o600, { exclusive: true }), {
      code: 'file-exists',
    });
    assert.equal(readFileSync(path, 'utf8'), 'old');
    assert.deepEqual((await files.list(folder)).length, 1);
  });

  it('in a folder that is a file, or of a user without permission, are refused with a reason', async function () {
    writeFileSync(join(folder, 'file'), '');
    await assert.rejects(files.makeFolder(join(folder, 'file', 'sub'), 0o700), { code: 'not-a-folder' });
    if (process.getuid?.() !== 0) this.skip();
    chmodSync(folder, 0o755);
    process.seteuid?.(65_534);
    try {
      await assert.rejects(files.writeAtomically(join(folder, 'x'), Buffer.from(''), 0o600), {
        code: 'permission-denied',
      });
    } finally {
      process.seteuid?.(0);
    }
  });
});
