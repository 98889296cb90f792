import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findAppConfigs, planRewrite } from '../appConfig/index.ts';
import { isExpectedError } from '../base/errors.ts';
import { forgiving } from './forgivingFiles.ts';
import { nodeFiles } from './nodeFiles.ts';
import { createNodeFiles } from './nodeSetupPorts.ts';

const appWithSecret = `const msalConfig = { auth: { clientId: '7c9e6679-7425-40de-944b-e07fc1f90ae7', clientSecret: process.env.CLIENT_SECRET } };
const msal = require('@azure/msal-node');
module.exports = new msal.ConfidentialClientApplication(msalConfig);
`;

const rewriteOf = (folder: string, line = 1) => ({
  file: join(folder, 'app.js'),
  line,
  keyFrom: 'file' as const,
  thumbprintSha256: 'AB'.repeat(32),
  thumbprintSha1: 'CD'.repeat(20),
  privateKeyPath: join(folder, 'certs', 'app.key'),
  roots: [folder],
});

describe('files of the machine', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'node-files-'));
    writeFileSync(join(folder, 'a.txt'), 'hello');
    mkdirSync(join(folder, 'sub'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('reads bytes, and says nothing where there is no file', async () => {
    assert.equal(Buffer.from((await nodeFiles.read(join(folder, 'a.txt')))!).toString(), 'hello');
    assert.equal(await nodeFiles.read(join(folder, 'none')), undefined);
    assert.equal(await nodeFiles.read(join(folder, 'a.txt', 'below-a-file')), undefined);
    await assert.rejects(nodeFiles.read(join(folder, 'sub')), { code: 'is-a-folder' });
  });

  it('names what the user may not read, whether it is the file or its folder', async function () {
    if (process.getuid?.() !== 0) this.skip();
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'a.txt'), 0o600);
    mkdirSync(join(folder, 'closed'), { mode: 0o700 });
    const closed = join(folder, 'closed');
    process.seteuid?.(65_534);
    try {
      for (const [path, look] of [
        [join(folder, 'a.txt'), 'read'],
        [join(closed, 'b.txt'), 'read'],
        [join(closed, 'b.txt'), 'stat'],
        [closed, 'list'],
      ] as const) {
        await assert.rejects(nodeFiles[look](path), (error: unknown) => {
          assert.ok(isExpectedError(error));
          assert.equal(error.code, 'permission-denied');
          assert.equal(error.details.file, path);
          assert.match(error.message, /could not be read/);
          return true;
        });
      }
    } finally {
      process.seteuid?.(0);
    }
  });

  it('that may not be read do not end a search, are told once, and decline a rewrite by name', async function () {
    if (process.getuid?.() !== 0) this.skip();
    const passed: string[] = [];
    const put = (name: string, text: string, mode: number) => {
      writeFileSync(join(folder, name), text);
      chmodSync(join(folder, name), mode);
    };
    chmodSync(folder, 0o755);
    put('app.js', appWithSecret, 0o644);
    put('other.js', appWithSecret, 0o600);
    put('package.json', '{}', 0o600);
    put('.env', 'CLIENT_SECRET=of this test\n', 0o600);
    mkdirSync(join(folder, 'closed'), { mode: 0o700 });
    process.seteuid?.(65_534);
    try {
      const reader = forgiving(nodeFiles, (path) => passed.push(path));
      const found = await findAppConfigs([folder], reader);
      assert.deepEqual(
        found.map(({ file }) => file),
        [join(folder, 'app.js')],
      );
      for (const name of ['other.js', 'package.json', '.env', 'closed'])
        assert.equal(passed.filter((path) => path === join(folder, name)).length, 1, name);
      const request = rewriteOf(folder, found[0]?.line);
      await assert.rejects(planRewrite(request, nodeFiles), { code: 'permission-denied' });
      process.seteuid?.(0);
      chmodSync(join(folder, 'package.json'), 0o644);
      process.seteuid?.(65_534);
      await assert.rejects(planRewrite(request, nodeFiles), (error: unknown) => {
        assert.ok(isExpectedError(error) && error.code === 'permission-denied', String(error));
        assert.equal(error.details.file, join(folder, '.env'));
        return true;
      });
    } finally {
      process.seteuid?.(0);
    }
  });

  it('that are pipes or devices are refused at once, so that nothing waits for a writer', async function () {
    if (process.platform === 'win32') this.skip();
    execFileSync('mkfifo', [join(folder, 'pipe'), join(folder, '.env')]);
    symlinkSync('pipe', join(folder, 'link'));
    // More than Node has threads for files.
    for (let n = 0; n < 6; n++)
      await assert.rejects(nodeFiles.read(join(folder, 'pipe')), {
        code: 'not-a-file',
        details: { file: join(folder, 'pipe') },
      });
    await assert.rejects(nodeFiles.read(join(folder, 'link')), { code: 'not-a-file' });
    await assert.rejects(nodeFiles.read('/dev/zero'), { code: 'not-a-file' });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(folder, 'socket'), resolve));
    await assert.rejects(nodeFiles.read(join(folder, 'socket')), { code: 'not-a-file' });
    await new Promise((resolve) => server.close(resolve));
    // An .env that is a pipe is not taken for an empty one, which would then be replaced.
    writeFileSync(join(folder, 'app.js'), appWithSecret);
    const passed: string[] = [];
    const reader = forgiving(nodeFiles, (path) => passed.push(path));
    const found = await findAppConfigs([folder], reader);
    assert.equal(found.length, 1);
    await assert.rejects(planRewrite(rewriteOf(folder, found[0]?.line), nodeFiles), {
      code: 'not-a-file',
      details: { file: join(folder, '.env') },
    });
    const files = createNodeFiles({ run: () => Promise.reject(new Error('no program')) });
    await assert.rejects(files.checkWritable(join(folder, '.env')), { code: 'not-a-file' });
  });

  it('that do not tell their size are read whole, and names that are too long are told', async function () {
    if (process.platform === 'linux')
      assert.match(Buffer.from((await nodeFiles.read('/proc/self/status'))!).toString(), /^Name:/);
    writeFileSync(join(folder, 'empty'), '');
    assert.equal((await nodeFiles.read(join(folder, 'empty')))?.length, 0);
    const large = Buffer.alloc(300_000, 'x');
    writeFileSync(join(folder, 'large'), large);
    assert.ok(large.equals((await nodeFiles.read(join(folder, 'large')))!));
    if (process.platform !== 'win32')
      await assert.rejects(nodeFiles.read(join(folder, 'n'.repeat(300))), { code: 'name-too-long' });
  });

  it('tells size, mode and kind', async () => {
    chmodSync(join(folder, 'a.txt'), 0o600);
    const expected = { size: 5, mode: process.platform === 'win32' ? 0 : 0o600, kind: 'file' };
    assert.deepEqual(await nodeFiles.stat(join(folder, 'a.txt')), expected);
    assert.equal((await nodeFiles.stat(join(folder, 'sub')))?.kind, 'folder');
    assert.equal(await nodeFiles.stat(join(folder, 'none')), undefined);
  });

  it('lists a folder, with links apart so that a walk cannot loop', async () => {
    symlinkSync(folder, join(folder, 'sub', 'loop'), 'junction');
    assert.deepEqual(
      [...(await nodeFiles.list(folder))].sort((a, b) => a.name.localeCompare(b.name)),
      [
        { name: 'a.txt', kind: 'file' },
        { name: 'sub', kind: 'folder' },
      ],
    );
    assert.deepEqual(await nodeFiles.list(join(folder, 'sub')), [{ name: 'loop', kind: 'other' }]);
    assert.deepEqual(await nodeFiles.list(join(folder, 'none')), []);
  });
});
