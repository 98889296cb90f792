import assert from 'node:assert/strict';
import type { FileReader } from '../base/ports.ts';
import { rememberingReader } from './rememberingReader.ts';

function counting(files: Readonly<Record<string, string>>): FileReader & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    read(path) {
      asked.push(`read ${path}`);
      if (path === 'broken') return Promise.reject(new Error('EIO'));
      const text = files[path];
      return Promise.resolve(text === undefined ? undefined : Buffer.from(text));
    },
    stat(path) {
      asked.push(`stat ${path}`);
      return Promise.resolve(undefined);
    },
    list(folder) {
      asked.push(`list ${folder}`);
      return Promise.resolve([]);
    },
  };
}

describe('a reader that remembers', () => {
  it('asks once for each path, also for what is not there, and again for what failed', async () => {
    const plain = counting({ a: 'text' });
    const reader = rememberingReader(plain);
    for (let turn = 0; turn < 2; turn++) {
      assert.equal(Buffer.from((await reader.read('a')) ?? []).toString(), 'text');
      assert.equal(await reader.read('none'), undefined);
      assert.equal(await reader.stat('a'), undefined);
      assert.deepEqual(await reader.list('/'), []);
      await assert.rejects(reader.read('broken'), /EIO/);
    }
    assert.deepEqual(plain.asked, ['read a', 'read none', 'stat a', 'list /', 'read broken', 'read broken']);
  });

  it('keeps no more than its limit', async () => {
    const plain = counting({ a: '1234', b: '1234', c: '' });
    const reader = rememberingReader(plain, 5);
    for (let turn = 0; turn < 2; turn++) for (const path of ['a', 'b']) await reader.read(path);
    assert.deepEqual(plain.asked, ['read a', 'read b', 'read b']);
  });
});
