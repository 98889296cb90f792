import assert from 'node:assert/strict';
import { lockedVersion, type LockFileName } from './lockFiles.ts';

// Cut from what npm 11, Yarn 4, pnpm 7 and 9 and Bun 1.4 wrote for a workspace with two apps; Yarn 1 after its documentation.
const texts: Record<string, [LockFileName, string]> = {
  'npm 7 and later': [
    'package-lock.json',
    JSON.stringify({
      lockfileVersion: 3,
      packages: {
        '': { name: 'root', workspaces: ['apps/*'] },
        'apps/web': { name: 'web-app', dependencies: { '@azure/msal-node': '^2.6.0' } },
        'apps/web/node_modules/@azure/msal-node': { version: '2.16.3' },
        'node_modules/@azure/msal-node': { version: '1.18.4' },
      },
    }),
  ],
  'pnpm 9': [
    'pnpm-lock.yaml',
    `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true

importers:

  .: {}

  apps/old:
    dependencies:
      '@azure/msal-node':
        specifier: ^1.18.0
        version: 1.18.4

  apps/web:
    dependencies:
      '@azure/msal-node':
        specifier: ^2.6.0
        version: 2.16.3(debug@4.3.4)

packages:

  '@azure/msal-node@1.18.4':
    resolution: {integrity: sha512-x}

  '@azure/msal-node@2.16.3':
    resolution: {integrity: sha512-x}
`,
  ],
  'pnpm 7': [
    'pnpm-lock.yaml',
    `lockfileVersion: 5.4

importers:

  .:
    specifiers: {}

  apps/old:
    specifiers:
      '@azure/msal-node': ^1.18.0
    dependencies:
      '@azure/msal-node': 1.18.4

  apps/web:
    specifiers:
      '@azure/msal-node': ^2.6.0
    dependencies:
      '@azure/msal-node': 2.16.3_debug@4.3.4

packages:

  /@azure/msal-node/1.18.4:
    resolution: {integrity: sha512-x}

  /@azure/msal-node/2.16.3:
    resolution: {integrity: sha512-x}
`,
  ],
  'Yarn 1': [
    'yarn.lock',
    `# yarn lockfile v1


"@azure/msal-common@13.3.1":
  version "13.3.1"

"@azure/msal-node@^1.18.0":
  version "1.18.4"
  resolved "https://registry.yarnpkg.com/@azure/msal-node/-/msal-node-1.18.4.tgz#x"

"@azure/msal-node@^2.0.0", "@azure/msal-node@^2.6.0":
  version "2.16.3"
  resolved "https://registry.yarnpkg.com/@azure/msal-node/-/msal-node-2.16.3.tgz#x"
`,
  ],
  'Yarn 4': [
    'yarn.lock',
    `__metadata:
  version: 8

"@azure/msal-node@npm:^1.18.0":
  version: 1.18.4
  resolution: "@azure/msal-node@npm:1.18.4"
  dependencies:
    "@azure/msal-common": "npm:13.3.1"

"@azure/msal-node@npm:^2.0.0, @azure/msal-node@npm:^2.6.0":
  version: 2.16.3
  resolution: "@azure/msal-node@npm:2.16.3"

"old-app@workspace:apps/old":
  version: 0.0.0-use.local
  dependencies:
    "@azure/msal-node": "npm:^1.18.0"
`,
  ],
  'Bun 1': [
    'bun.lock',
    `{
  "lockfileVersion": 1,
  "workspaces": {
    "": {
      "name": "root",
    },
    "apps/old": {
      "name": "old-app",
    },
    "apps/web": {
      "name": "web-app",
    },
  },
  "packages": {
    "@azure/msal-node": ["@azure/msal-node@1.18.4", "", { "dependencies": {} }, "sha512-x"],

    "web-app/@azure/msal-node": ["@azure/msal-node@2.16.3", "", { "dependencies": {} }, "sha512-x"],

    "web-app/@azure/msal-node/@azure/msal-common": ["@azure/msal-common@14.16.1", "", {}, "sha512-x"],
  }
}
`,
  ],
};

describe('lock files', () => {
  for (const [manager, [name, text]] of Object.entries(texts)) {
    for (const [eol, content] of [
      ['LF', text],
      ['CRLF', text.replaceAll('\n', '\r\n')],
    ] as const) {
      it(`of ${manager} (${eol}) tell the version of each app`, () => {
        assert.equal(lockedVersion(name, content, { folder: 'apps/web', range: '^2.6.0' }), '2.16.3');
        assert.equal(lockedVersion(name, content, { folder: 'apps/old', range: '^1.18.0' }), '1.18.4');
      });
    }
  }

  it('of npm 6 tell the version', () => {
    const text = JSON.stringify({ lockfileVersion: 1, dependencies: { '@azure/msal-node': { version: '1.3.0' } } });
    assert.equal(lockedVersion('package-lock.json', text, { folder: '' }), '1.3.0');
  });

  it('of pnpm without a workspace tell the version', () => {
    const six = `lockfileVersion: '6.0'\n\ndependencies:\n  '@azure/msal-node':\n    specifier: ^2.6.0\n    version: 2.16.3\n`;
    assert.equal(lockedVersion('pnpm-lock.yaml', six, { folder: '' }), '2.16.3');
    const five = `lockfileVersion: 5.4\n\nspecifiers:\n  '@azure/msal-node': ^2.6.0\n\ndependencies:\n  '@azure/msal-node': 2.16.3\n`;
    assert.equal(lockedVersion('pnpm-lock.yaml', five, { folder: '' }), '2.16.3');
  });

  it('say nothing rather than guess', () => {
    const yarn = texts['Yarn 1']![1];
    assert.equal(lockedVersion('yarn.lock', yarn, { folder: '', range: '^9.0.0' }), undefined);
    assert.equal(lockedVersion('package-lock.json', '{ not json', { folder: '' }), undefined);
    assert.equal(lockedVersion('package-lock.json', 'null', { folder: '' }), undefined);
    assert.equal(lockedVersion('bun.lock', '', { folder: '' }), undefined);
    assert.equal(lockedVersion('pnpm-lock.yaml', '\u0000'.repeat(1000), { folder: 'x' }), undefined);
  });
});
