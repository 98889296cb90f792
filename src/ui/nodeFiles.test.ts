import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    await assert.rejects(nodeFiles.read(join(folder, 'sub')), { code: 'EISDIR' });
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
