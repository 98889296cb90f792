import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFiles } from '../ui/nodeFiles.ts';
import { findModuleKind } from './moduleKind.ts';
import { findMsalVersion, isBrokenVersion, thumbprintProperty } from './msalVersion.ts';
import { withFolder } from './testing/folder.ts';
import type { ModuleKind } from './types.ts';

const app = JSON.stringify({ dependencies: { '@azure/msal-node': '^2.6.0' } });
const installed = (version: string) => JSON.stringify({ name: '@azure/msal-node', version });
const lock = JSON.stringify({
  lockfileVersion: 3,
  packages: { 'node_modules/@azure/msal-node': { version: '2.16.3' } },
});

describe('msal-node version', () => {
  it('is the installed one, hoisted to a folder above', () =>
    withFolder(
      {
        'apps/web/package.json': app,
        'apps/web/src/x.js': '',
        'node_modules/@azure/msal-node/package.json': installed('3.8.10'),
        'package-lock.json': lock,
      },
      async (root) => {
        assert.deepEqual(await findMsalVersion(join(root, 'apps/web/src'), nodeFiles), {
          version: '3.8.10',
          source: 'installed',
          packageJson: join(root, 'apps/web/package.json'),
        });
      },
    ));

  it('is found through the links that pnpm makes', () =>
    withFolder(
      {
        'package.json': app,
        'node_modules/.pnpm/@azure+msal-node@2.16.3/node_modules/@azure/msal-node/package.json': installed('2.16.3'),
      },
      async (root) => {
        mkdirSync(join(root, 'node_modules/@azure'));
        const target = join(root, 'node_modules/.pnpm/@azure+msal-node@2.16.3/node_modules/@azure/msal-node');
        symlinkSync(target, join(root, 'node_modules/@azure/msal-node'), 'junction');
        assert.equal((await findMsalVersion(root, nodeFiles)).version, '2.16.3');
      },
    ));

  it('is the locked one where nothing is installed', () =>
    withFolder({ 'apps/web/package.json': app, 'package-lock.json': lock }, async (root) => {
      const found = await findMsalVersion(join(root, 'apps/web'), nodeFiles);
      assert.equal(found.version, '2.16.3');
      assert.equal(found.source, 'lockFile');
    }));

  it('is the floor of the range where there is no lock file', () =>
    withFolder({ 'package.json': app }, async (root) => {
      const found = await findMsalVersion(root, nodeFiles);
      assert.deepEqual([found.version, found.source, found.exact], ['2.6.0', 'range', undefined]);
      assert.equal(thumbprintProperty(found), 'thumbprint');
    }));

  it('is unknown where nothing says it, and SHA-1 then works with every version', () =>
    withFolder({ 'package.json': '{ damaged', 'yarn.lock': '' }, async (root) => {
      const found = await findMsalVersion(root, nodeFiles);
      assert.equal(found.source, 'unknown');
      assert.equal(thumbprintProperty(found), 'thumbprint');
    }));

  it('decides the property from 2.11.0 on', () => {
    assert.equal(thumbprintProperty({ version: '2.10.0', source: 'installed' }), 'thumbprint');
    assert.equal(thumbprintProperty({ version: '2.11.0', source: 'lockFile' }), 'thumbprintSha256');
    assert.equal(thumbprintProperty({ version: '7.2.3', source: 'range' }), 'thumbprintSha256');
  });

  it('2.8.0 is refused where it is what runs, not where it is a floor', () => {
    const refused = { code: 'msal-node-2-8-0', message: /npm install @azure\/msal-node@latest/ };
    assert.throws(() => thumbprintProperty({ version: '2.8.0', source: 'installed' }), refused);
    assert.throws(() => thumbprintProperty({ version: '2.8.0', source: 'range', exact: true }), refused);
    assert.equal(thumbprintProperty({ version: '2.8.0', source: 'range' }), 'thumbprint');
    assert.equal(isBrokenVersion({ version: '2.8.1', source: 'installed' }), false);
  });
});

describe('module kind', () => {
  const cases: [string, Record<string, string>, string, ModuleKind | undefined, ModuleKind][] = [
    ['.mjs is an ES module', {}, 'a.mjs', undefined, 'esm'],
    [
      '.cjs is CommonJS whatever package.json says',
      { 'package.json': '{"type":"module"}' },
      'a.cjs',
      undefined,
      'commonjs',
    ],
    ['.js follows type', { 'package.json': '{"type":"module"}' }, 'a.js', undefined, 'esm'],
    ['.js without type follows its syntax', { 'package.json': '{}' }, 'a.js', 'esm', 'esm'],
    ['.js with require is CommonJS', { 'package.json': '{}' }, 'a.js', 'commonjs', 'commonjs'],
    ['.js with nothing is CommonJS', {}, 'a.js', undefined, 'commonjs'],
    [
      '.ts follows the compiler',
      {
        'tsconfig.json':
          '{ // "module": "esnext"\n "compilerOptions": { "module": "CommonJS", "paths": {"@/*": ["./*"]} } }',
      },
      'a.ts',
      'esm',
      'commonjs',
    ],
    [
      '.ts with node16 follows type',
      { 'tsconfig.json': '{"compilerOptions":{"module":"node16"}}', 'package.json': '{"type":"module"}' },
      'a.ts',
      'esm',
      'esm',
    ],
    [
      '.ts follows the tsconfig that its own extends',
      {
        'tsconfig.json': '{"extends":"./tsconfig.base"}',
        'tsconfig.base.json': '{"compilerOptions":{"module":"commonjs"}}',
      },
      'a.ts',
      'esm',
      'commonjs',
    ],
    ['.ts in a folder without tsconfig follows its syntax', {}, 'a.ts', 'esm', 'esm'],
    ['.ts: extends that loops ends', { 'tsconfig.json': '{"extends":"./tsconfig.json"}' }, 'a.ts', 'esm', 'esm'],
  ];
  for (const [title, files, file, syntax, expected] of cases) {
    it(title, () =>
      withFolder(files, async (root) => {
        assert.equal(await findModuleKind(join(root, file), root, syntax, nodeFiles), expected);
      }),
    );
  }
});
