import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { FileReader } from '../base/ports.ts';
import { nodeFiles } from '../ui/nodeFiles.ts';
import { searchFiles } from './search.ts';
import { withFolder } from './testing/folder.ts';

const hit = 'const x = { clientSecret: 1 };\n';

async function names(root: string, reader: FileReader = nodeFiles, roots = [root]): Promise<string[]> {
  const found = await searchFiles(roots, ['lientSecret', 'Other'], reader);
  return found.map((file) => relative(root, file.path).split(sep).join('/'));
}

describe('workspace search', () => {
  it('finds source files by content, in every package of a monorepo', () =>
    withFolder(
      {
        'a.js': hit,
        'apps/web/src/b.ts': hit,
        'apps/api/c.mjs': hit,
        'packages/x/d.cts': 'Other',
        'apps/web/e.tsx': hit,
        'config.json': '{"clientSecret":""}',
        'no.js': 'nothing',
        'no.txt': hit,
        'empty.js': '',
      },
      async (root) => {
        const expected = [
          'a.js',
          'apps/api/c.mjs',
          'apps/web/e.tsx',
          'apps/web/src/b.ts',
          'config.json',
          'packages/x/d.cts',
        ];
        assert.deepEqual(await names(root), expected);
        // A root within a root is not searched twice.
        assert.deepEqual(await names(root, nodeFiles, [join(root, 'apps'), root, root]), expected);
      },
    ));

  it('leaves out dependencies, build output, minified and compiled files, and what is too large', () =>
    withFolder(
      {
        'node_modules/x/a.js': hit,
        'apps/web/node_modules/x/a.js': hit,
        '.git/a.js': hit,
        '.next/a.js': hit,
        'dist/a.js': hit,
        'build/a.js': hit,
        'out/a.js': hit,
        'coverage/a.js': hit,
        'a.min.js': hit,
        'a.d.ts': hit,
        'package-lock.json': hit,
        'compiled.js': `"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\n${hit}`,
        'mapped.js': `${hit}//# sourceMappingURL=mapped.js.map\n`,
        'long.js': `${hit}${'x'.repeat(20_000)}`,
        'large.js': hit + '// data\n'.repeat(150_000),
        'latin1.js': Buffer.from('// clientSecret \xe9', 'latin1'),
        'kept.js': hit,
      },
      async (root) => assert.deepEqual(await names(root), ['kept.js']),
    ));

  it('ends on links that loop, also with a reader that follows them', () =>
    withFolder({ 'a/b.js': hit }, async (root) => {
      symlinkSync(root, join(root, 'a', 'loop'), 'junction');
      assert.deepEqual(await names(root), ['a/b.js']);
      const following: FileReader = {
        ...nodeFiles,
        list: async (folder) =>
          (await nodeFiles.list(folder)).map((entry) => (entry.name === 'loop' ? { ...entry, kind: 'folder' } : entry)),
      };
      assert.ok((await names(root, following)).includes('a/b.js'));
    }));

  it('passes over what cannot be read', () =>
    withFolder({ 'a.js': hit, 'b.js': hit, 'c/d.js': hit }, async (root) => {
      const refusing: FileReader = {
        ...nodeFiles,
        read: (path) => (path.endsWith('a.js') ? Promise.reject(new Error('EACCES')) : nodeFiles.read(path)),
        list: (folder) => (folder.endsWith('c') ? Promise.reject(new Error('EACCES')) : nodeFiles.list(folder)),
      };
      assert.deepEqual(await names(root, refusing), ['b.js']);
    }));

  it('can be cancelled before and while it runs', () =>
    withFolder({ 'a/b/c.js': hit, 'd.js': hit }, async (root) => {
      const cancelled = { message: 'Cancelled' };
      await assert.rejects(searchFiles([root], ['x'], nodeFiles, AbortSignal.abort()), cancelled);
      const abort = new AbortController();
      const aborting: FileReader = {
        ...nodeFiles,
        list: (folder) => {
          abort.abort();
          return nodeFiles.list(folder);
        },
      };
      await assert.rejects(searchFiles([root], ['x'], aborting, abort.signal), cancelled);
    }));
});
