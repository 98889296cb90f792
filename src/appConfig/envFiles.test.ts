import assert from 'node:assert/strict';
import { join, relative, sep } from 'node:path';
import { nodeFiles } from '../ui/nodeFiles.ts';
import { findEnvFiles, keyPathBase, placeOf, type EnvApp } from './envFiles.ts';
import type { KnownLoads } from './knownLoads.ts';
import { nearestPackageJson } from './msalVersion.ts';
import { searchFiles } from './search.ts';
import { withFolder } from './testing/folder.ts';

interface Expected {
  readonly place: string | undefined;
  readonly line?: number;
  readonly loaded: boolean;
  readonly base?: 'cwd' | { relativeFolder: string };
  readonly expands?: boolean;
}

async function check(root: string, file: string, variable: string | undefined, expected: Expected): Promise<void> {
  const packageJson = await nearestPackageJson(join(root, file, '..'), nodeFiles);
  const app: EnvApp = { file: join(root, file), appRoot: packageJson?.folder ?? root, packageJson, roots: [root] };
  const sources = await searchFiles([root], ['dotenv', 'loadEnvFile', '@nestjs/config'], nodeFiles);
  const setting = await findEnvFiles(app, sources, nodeFiles);
  const place = placeOf(setting, variable);
  const path = place === undefined ? undefined : relative(root, place.candidate.path).split(sep).join('/');
  assert.deepEqual([path, place?.line, setting.loaded], [expected.place, expected.line, expected.loaded]);
  if (place !== undefined && expected.base !== undefined)
    assert.deepEqual(keyPathBase(app, place.candidate), expected.base);
  if (expected.expands !== undefined) assert.equal(place?.candidate.expands, expected.expands);
}

const dotenvLoad = `require('dotenv').config();`;

describe('.env files of an app', () => {
  it('are looked for in a file once, until it has another text', async () => {
    const app: EnvApp = { file: '/app/a.js', appRoot: '/app', packageJson: undefined, roots: ['/app'] };
    const known: KnownLoads = new Map();
    const find = async (text: string) =>
      (await findEnvFiles(app, [{ path: '/app/index.js', text }], nodeFiles, known)).loaded;
    assert.equal(await find(dotenvLoad), true);
    const read = known.get('/app/index.js');
    assert.ok(read !== undefined);
    // Read a second time it would be another list.
    assert.equal(await find(dotenvLoad), true);
    assert.equal(known.get('/app/index.js'), read);
    assert.equal(await find('// no dotenv any more'), false);
    assert.equal(known.get('/app/index.js')?.loads.length, 0);
  });

  const cases: [string, Record<string, string>, string, string | undefined, Expected][] = [
    [
      'dotenv in the start file',
      { 'package.json': '{}', 'index.js': dotenvLoad, 'src/authConfig.js': '', '.env': 'A=1\nSECRET=x\n' },
      'src/authConfig.js',
      'SECRET',
      { place: '.env', line: 2, loaded: true, base: 'cwd' },
    ],
    [
      'dotenv with a path from the file',
      {
        'package.json': '{}',
        'src/a.js': `require('dotenv').config({ path: require('path').join(__dirname, '../config/.env') })`,
        'config/.env': 'SECRET=x',
      },
      'src/a.js',
      'SECRET',
      { place: 'config/.env', line: 1, loaded: true, base: { relativeFolder: '../config' } },
    ],
    [
      'node --env-file in a script',
      {
        'package.json': '{"scripts":{"start":"node --env-file=.env.local server.js"}}',
        'a.js': '',
        '.env.local': 'SECRET=x',
      },
      'a.js',
      'SECRET',
      { place: '.env.local', line: 1, loaded: true, base: 'cwd' },
    ],
    [
      'node --env-file above the app',
      {
        'apps/web/package.json': '{"scripts":{"dev":"node --env-file ../../.env x.js"}}',
        'apps/web/a.js': '',
        '.env': 'SECRET=x',
      },
      'apps/web/a.js',
      'SECRET',
      { place: '.env', line: 1, loaded: true, base: { relativeFolder: '../..' } },
    ],
    [
      'Next.js: .env.local wins, and a new file is .env.local',
      {
        'package.json': '{"dependencies":{"next":"15"}}',
        'lib/a.ts': '',
        '.env': 'SECRET=shared',
        '.env.local': 'SECRET=x',
      },
      'lib/a.ts',
      'SECRET',
      { place: '.env.local', line: 1, loaded: true, base: 'cwd', expands: true },
    ],
    [
      'Next.js without any file',
      { 'package.json': '{"dependencies":{"next":"15"}}', 'lib/a.ts': '' },
      'lib/a.ts',
      'SECRET',
      { place: '.env.local', loaded: true },
    ],
    [
      'dotenv without any file',
      { 'package.json': '{}', 'a.js': dotenvLoad },
      'a.js',
      'SECRET',
      { place: '.env', loaded: true, base: 'cwd' },
    ],
    [
      'the workspace root of a monorepo, which the app is started from',
      { 'apps/web/package.json': '{}', 'apps/web/a.js': dotenvLoad, '.env': 'SECRET=x' },
      'apps/web/a.js',
      'SECRET',
      { place: '.env', line: 1, loaded: true, base: 'cwd' },
    ],
    [
      'NestJS with several files',
      {
        'package.json': '{}',
        'src/app.module.ts': `import { ConfigModule } from '@nestjs/config'; ConfigModule.forRoot({ envFilePath: ['.env.dev', '.env'] })`,
        '.env': 'SECRET=x',
      },
      'src/auth.ts',
      'SECRET',
      { place: '.env', line: 1, loaded: true, base: 'cwd' },
    ],
    [
      'a .env that nothing visible loads',
      { 'package.json': '{}', 'a.js': '', '.env': 'SECRET=x' },
      'a.js',
      'SECRET',
      { place: '.env', line: 1, loaded: false, base: 'cwd' },
    ],
    ['nothing at all', { 'package.json': '{}', 'a.js': '' }, 'a.js', 'SECRET', { place: undefined, loaded: false }],
    [
      'a .env that nothing loads and that does not hold the variable',
      { 'package.json': '{}', 'a.js': '', '.env': 'OTHER=x' },
      'a.js',
      'SECRET',
      { place: undefined, loaded: false },
    ],
    [
      'a file of another app of the monorepo does not count',
      {
        'apps/web/package.json': '{}',
        'apps/web/a.js': '',
        'apps/api/package.json': '{}',
        'apps/api/b.js': dotenvLoad,
        'apps/api/.env': 'SECRET=x',
      },
      'apps/web/a.js',
      'SECRET',
      { place: undefined, loaded: false },
    ],
    [
      'damaged code and a damaged package.json are passed over',
      { 'package.json': '{ no', 'b.js': 'dotenv (((', 'a.js': '', '.env': 'SECRET=x' },
      'a.js',
      'SECRET',
      { place: '.env', line: 1, loaded: false },
    ],
  ];
  for (const [title, files, file, variable, expected] of cases) {
    it(title, () => withFolder(files, (root) => check(root, file, variable, expected)));
  }

  it('the first file that sets a variable holds, and within a file the last line', () =>
    withFolder(
      { 'package.json': '{"dependencies":{"next":"15"}}', '.env': 'A=1\nB=2', '.env.local': 'A=0\nA=3' },
      async (root) => {
        const packageJson = await nearestPackageJson(root, nodeFiles);
        const app: EnvApp = { file: join(root, 'a.js'), appRoot: root, packageJson, roots: [root] };
        const setting = await findEnvFiles(app, [], nodeFiles);
        assert.deepEqual([setting.value('A'), setting.value('B'), setting.value('C')], ['3', '2', undefined]);
      },
    ));
});
