import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findAppConfigs, planRewrite } from '../appConfig/index.ts';
import { isExpectedError } from '../base/errors.ts';
import { forgiving } from './forgivingFiles.ts';
import { nodeFiles } from './nodeFiles.ts';

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
    const code = `const msalConfig = { auth: { clientId: '7c9e6679-7425-40de-944b-e07fc1f90ae7', clientSecret: process.env.CLIENT_SECRET } };
const msal = require('@azure/msal-node');
module.exports = new msal.ConfidentialClientApplication(msalConfig);
`;
    put('app.js', code, 0o644);
    put('other.js', code, 0o600);
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
      const request = {
        file: join(folder, 'app.js'),
        line: found[0]?.line ?? 1,
        keyFrom: 'file' as const,
        thumbprintSha256: 'AB'.repeat(32),
        thumbprintSha1: 'CD'.repeat(20),
        privateKeyPath: join(folder, 'certs', 'app.key'),
        roots: [folder],
      };
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
