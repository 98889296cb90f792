import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { applyEdits } from '../base/edits.ts';
import { nodeFiles } from '../ui/nodeFiles.ts';
import { isGitIgnored, planGitignore } from './gitignore.ts';
import { withFolder, writeFiles } from './testing/folder.ts';

/** What the installed git says, without the user's own configuration. */
function gitIgnores(root: string, path: string): boolean {
  const result = spawnSync('git', ['check-ignore', '-q', '--no-index', path], {
    cwd: root,
    env: {
      ...process.env,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_SYSTEM: '/dev/null',
      XDG_CONFIG_HOME: '/nowhere',
    },
  });
  return result.status === 0;
}

const gitInit = (root: string) => execFileSync('git', ['init', '-q', root]);

async function apply(paths: string[], appRoot: string, roots: string[]): Promise<string[]> {
  const plan = await planGitignore(paths, appRoot, roots, nodeFiles);
  for (const file of plan.files) writeFileSync(file.path, applyEdits(file.before ?? '', file.edits));
  return plan.files.map((file) => file.path);
}

const pattern = fc.constantFrom(
  ...[
    '*.key',
    '!*.key',
    '*.pem',
    'certs/',
    'certs',
    '/certs',
    '!certs/',
    '/certs/*',
    '!/certs/*.key',
    '**/certs/app.key',
  ],
  ...[
    'web',
    'web/',
    '/web/**',
    '!web/certs',
    'apps/*/certs',
    '.env',
    '.env*',
    '!.env',
    '!.env.example',
    '# comment',
    '',
  ],
  ...[
    'app.key',
    '!app.key',
    '*.KEY',
    '!APP.*',
    'Certs',
    '\\!x',
    '*',
    '!*/',
    'certs/*.key  ',
    'c?rts/',
    '[c]erts/app.key',
    'apps/',
    '!/apps/web/',
  ],
);
const patterns = fc.array(pattern, { maxLength: 5 });

describe('.gitignore', () => {
  it('is judged as git judges it, and covers every file after the edit', () =>
    withFolder({}, async (root) => {
      gitInit(root);
      const paths = ['apps/web/certs/app.key', 'apps/web/.env', 'apps/web/app key[1].pfx', 'root.key'];
      const absolute = paths.map((path) => join(root, path));
      const file = fc.record({ lines: patterns, eol: fc.constantFrom('\n', '\r\n'), final: fc.boolean() });
      const content = fc.option(
        file.map(({ lines, eol, final }) => lines.join(eol) + (final ? eol : '')),
        { nil: undefined },
      );
      await fc.assert(
        fc.asyncProperty(content, content, content, async (top, middle, deep) => {
          execFileSync('git', ['clean', '-fdxq'], { cwd: root });
          const files = { '.gitignore': top, 'apps/web/.gitignore': middle, 'apps/web/certs/.gitignore': deep };
          writeFiles(root, { 'apps/web/package.json': '{}' });
          for (const [name, text] of Object.entries(files)) if (text !== undefined) writeFiles(root, { [name]: text });
          for (const path of absolute) {
            assert.equal(await isGitIgnored(path, [root], nodeFiles), gitIgnores(root, path), relative(root, path));
          }
          await apply(absolute, join(root, 'apps/web'), [root]);
          for (const path of absolute) assert.ok(gitIgnores(root, path), relative(root, path));
          assert.ok(!gitIgnores(root, join(root, 'other.txt')) || (top ?? '').split(/\r?\n/).includes('*'));
          assert.deepEqual(await apply(absolute, join(root, 'apps/web'), [root]), []);
        }),
        { numRuns: 60 },
      );
    })).timeout(60_000);

  it('gets lines for what is missing only, in its own line ends', () =>
    withFolder({ '.gitignore': 'node_modules\r\n.env', 'package.json': '{}' }, async (root) => {
      gitInit(root);
      await apply([join(root, '.env'), join(root, 'certs/app.key')], root, [root]);
      assert.equal(
        readFileSync(join(root, '.gitignore'), 'utf8'),
        'node_modules\r\n.env\r\n# Client certificate: never commit these\r\n/certs/app.key',
      );
    }));

  it('gets one line for a folder and what lies in it', () =>
    withFolder({ 'package.json': '{}' }, async (root) => {
      gitInit(root);
      const paths = ['certs/app.key', 'certs', '.env', 'certs/sub/b.key'].map((path) => join(root, path));
      await apply(paths, root, [root]);
      assert.match(readFileSync(join(root, '.gitignore'), 'utf8'), /^# .*\n\/\.env\n\/certs\n$/);
      for (const path of paths) assert.ok(gitIgnores(root, path), path);
    }));

  it('is made in the app when there is none, in a repository or without any', () =>
    withFolder({ 'apps/web/package.json': '{}' }, async (root) => {
      const app = join(root, 'apps/web');
      const expected = [join(app, '.gitignore')];
      const plan = await planGitignore([join(app, '.env')], app, [root], nodeFiles);
      assert.deepEqual(
        plan.files.map((file) => file.path),
        expected,
      );
      assert.equal(plan.files[0]!.before, undefined);
      gitInit(root);
      assert.deepEqual(await apply([join(app, '.env')], app, [root]), expected);
      assert.ok(gitIgnores(root, join(app, '.env')));
    }));

  it('is made in the repository where that is a folder of the workspace', () =>
    withFolder({ 'apps/web/package.json': '{}' }, async (root) => {
      const app = join(root, 'apps/web');
      gitInit(app);
      assert.deepEqual(await apply([join(app, 'certs/x.key')], root, [root]), [join(app, '.gitignore')]);
      assert.ok(gitIgnores(app, join(app, 'certs/x.key')));
    }));

  it('above the opened folder is read but not edited', () =>
    withFolder({ '.gitignore': '*.key\n', 'apps/web/package.json': '{}' }, async (root) => {
      gitInit(root);
      const app = join(root, 'apps/web');
      assert.deepEqual(await apply([join(app, 'x.key'), join(app, '.env')], app, [app]), [join(app, '.gitignore')]);
      assert.match(readFileSync(join(app, '.gitignore'), 'utf8'), /\n\/\.env\n$/);
    }));

  it('is left alone for files outside workspace and repository', () =>
    withFolder({ 'app/package.json': '{}' }, async (root) => {
      const plan = await planGitignore(
        [join(root, 'elsewhere/x.key')],
        join(root, 'app'),
        [join(root, 'app')],
        nodeFiles,
      );
      assert.deepEqual(plan, { files: [], warnings: [] });
    }));

  it('is not written below another version control system, which is said', () =>
    withFolder({ '.hg/hgrc': '', 'package.json': '{}' }, async (root) => {
      const plan = await planGitignore([join(root, '.env')], root, [root], nodeFiles);
      assert.deepEqual(plan.files, []);
      assert.deepEqual([plan.warnings[0]?.code, plan.warnings[0]?.file], ['not-ignored', join(root, '.env')]);
    }));

  it('reads the repository exclude file of one clone', () =>
    withFolder({}, async (root) => {
      gitInit(root);
      writeFiles(root, { '.git/info/exclude': '*.pfx\n' });
      assert.equal(await isGitIgnored(join(root, 'a.pfx'), [root], nodeFiles), true);
    }));
});
