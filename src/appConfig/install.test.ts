import assert from 'node:assert/strict';
import { planInstall, type VaultPackage } from './install.ts';
import { memoryReader } from './testing/memoryReader.ts';

const wanted: readonly VaultPackage[] = ['@azure/identity', 'node-forge', '@types/node-forge'];

const app = (json: object = {}): string => JSON.stringify({ dependencies: { '@azure/msal-node': '^7.2.3' }, ...json });

describe('packages that an app lacks', () => {
  const ways: { name: string; files: Record<string, string>; manager: string; args: string[]; devArgs: string[] }[] = [
    {
      name: 'npm, by its lock file',
      files: { '/app/package.json': app(), '/app/package-lock.json': '{}' },
      manager: 'npm',
      args: ['install'],
      devArgs: ['install', '--save-dev'],
    },
    {
      name: 'npm, where nothing tells',
      files: { '/app/package.json': app() },
      manager: 'npm',
      args: ['install'],
      devArgs: ['install', '--save-dev'],
    },
    {
      name: 'the packageManager field before a lock file',
      files: { '/app/package.json': app({ packageManager: 'pnpm@10.1.0' }), '/app/package-lock.json': '{}' },
      manager: 'pnpm',
      args: ['add'],
      devArgs: ['add', '--save-dev'],
    },
    {
      name: 'the lock file of the workspace above',
      files: {
        '/app/package.json': app(),
        '/yarn.lock': '# yarn lockfile v1',
        '/package.json': '{"workspaces":["app"]}',
      },
      manager: 'yarn',
      args: ['add'],
      devArgs: ['add', '--dev'],
    },
    {
      name: 'Yarn 1 at the root of a workspace',
      files: { '/app/package.json': app({ workspaces: ['web'] }), '/app/yarn.lock': '# yarn lockfile v1\n' },
      manager: 'yarn',
      args: ['add', '-W'],
      devArgs: ['add', '-W', '--dev'],
    },
    {
      name: 'Yarn Berry at the root of a workspace',
      files: {
        '/app/package.json': app({ workspaces: ['web'] }),
        '/app/yarn.lock': '__metadata:',
        '/app/.yarnrc.yml': '',
      },
      manager: 'yarn',
      args: ['add'],
      devArgs: ['add', '--dev'],
    },
    {
      name: 'pnpm at the root of a workspace',
      files: { '/app/package.json': app(), '/app/pnpm-lock.yaml': '', '/app/pnpm-workspace.yaml': '' },
      manager: 'pnpm',
      args: ['add', '--workspace-root'],
      devArgs: ['add', '--workspace-root', '--save-dev'],
    },
    {
      name: 'Bun',
      files: { '/app/package.json': app(), '/app/bun.lockb': '' },
      manager: 'bun',
      args: ['add'],
      devArgs: ['add', '--dev'],
    },
  ];
  for (const { name, files, manager, args, devArgs } of ways)
    it(`are installed with ${name}`, async () => {
      const install = await planInstall('/app/src', wanted, memoryReader(files));
      assert.deepEqual(install, {
        manager,
        folder: '/app',
        packages: [
          { name: '@azure/identity', range: '~4.12.0' },
          { name: 'node-forge', range: '^1.4.3' },
          { name: '@types/node-forge', range: '^1.3.14', dev: true },
        ],
        args: [...args, '@azure/identity@~4.12.0', 'node-forge@^1.4.3'],
        devArgs: [...devArgs, '@types/node-forge@^1.3.14'],
      });
    });

  const nodes: [string, Record<string, string>, string][] = [
    ['.nvmrc', { '/app/.nvmrc': 'v18.20.1\n', '/app/package.json': app() }, '~4.9.1'],
    ['.nvmrc with a name', { '/app/.nvmrc': 'lts/jod', '/app/package.json': app() }, '^4.14.1'],
    [
      '.node-version before engines',
      { '/app/.node-version': '20.1.0', '/app/package.json': app({ engines: { node: '>=22' } }) },
      '~4.12.0',
    ],
    ['engines', { '/app/package.json': app({ engines: { node: '>=22.12' } }) }, '^4.14.1'],
    ['the lowest of several engines', { '/app/package.json': app({ engines: { node: '^18 || ^22' } }) }, '~4.9.1'],
    ['volta', { '/app/package.json': app({ volta: { node: '24.1.0' } }) }, '^4.14.1'],
    ['@types/node', { '/app/package.json': app({ devDependencies: { '@types/node': '^22.1.0' } }) }, '^4.14.1'],
    ['an old msal-node', { '/app/package.json': '{"dependencies":{"@azure/msal-node":"^2.6.0"}}' }, '~4.9.1'],
    ['engines from long ago', { '/app/package.json': app({ engines: { node: '>=14' } }) }, '^3.4.2'],
    [
      'engines of the workspace above',
      { '/app/package.json': app(), '/package.json': '{"engines":{"node":">=22"}}' },
      '^4.14.1',
    ],
  ];
  for (const [name, files, range] of nodes)
    it(`have ranges for the Node that ${name} tells`, async () => {
      const install = await planInstall('/app', ['@azure/identity'], memoryReader(files));
      assert.deepEqual(install?.packages, [{ name: '@azure/identity', range }]);
    });

  it('are none where a package.json from the folder upwards declares them', async () => {
    const files = {
      '/app/package.json': app({ devDependencies: { '@types/node-forge': '*' } }),
      '/package.json': '{"dependencies":{"@azure/identity":"^4.0.0","node-forge":"^1.3.0"}}',
    };
    assert.equal(await planInstall('/app/src', wanted, memoryReader(files)), undefined);
  });

  it('are those that lie in node_modules for another package', async () => {
    const files = { '/app/package.json': app(), '/app/node_modules/node-forge/package.json': '{"version":"1.4.3"}' };
    const install = await planInstall('/app', ['node-forge'], memoryReader(files));
    assert.deepEqual(install?.args, ['install', 'node-forge@^1.4.3']);
  });

  it('need one run where only types are missing', async () => {
    const install = await planInstall('/app', ['@types/node-forge'], memoryReader({ '/app/package.json': app() }));
    assert.deepEqual(install?.args, ['install', '--save-dev', '@types/node-forge@^1.3.14']);
    assert.equal(install.devArgs, undefined);
  });

  it('are planned beside a package.json that does not parse, or without one', async () => {
    assert.equal((await planInstall('/app', wanted, memoryReader({ '/app/package.json': '{' })))?.manager, 'npm');
    assert.equal((await planInstall('/app', wanted, memoryReader({ '/app/a.js': '' })))?.folder, '/app');
  });
});
