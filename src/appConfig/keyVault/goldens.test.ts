import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { applyEdits } from '../../base/edits.ts';
import { isExpectedError } from '../../base/errors.ts';
import { nodeFiles } from '../../ui/nodeFiles.ts';
import { parseSource } from '../code.ts';
import { planRewrite } from '../index.ts';
import type { FileReader } from '../../base/ports.ts';
import type { RewritePlan } from '../types.ts';

/** UPDATE_GOLDENS=1 writes the expectations anew; look at the difference before it is committed. */
const update = process.env.UPDATE_GOLDENS === '1';
const root = join(import.meta.dirname, 'goldens');

/** `case.json` of a case; its files stand in `app`, those that a rewrite changes or makes in `expected`. */
interface Case {
  readonly config: string;
  readonly version?: string;
  /** The text of the new module is compared too: it is the same in most cases. */
  readonly module?: boolean;
}

const plan = (app: string, { config, version }: Case, reader: FileReader = nodeFiles): Promise<RewritePlan> =>
  planRewrite(
    {
      file: join(app, config),
      keyFrom: 'keyVault',
      thumbprintSha256: 'AB'.repeat(32),
      thumbprintSha1: 'CD'.repeat(20),
      roots: [app],
      vault: {
        origin: 'https://contoso.vault.azure.net',
        certificate: 'web-app',
        version: version ?? '0123456789abcdef'.repeat(2),
      },
    },
    reader,
  );

describe('rewriting an app for a key from Key Vault', () => {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'ccg-vault-goldens-')));
  after(() => rmSync(scratch, { recursive: true, force: true }));
  const names = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());

  it('has goldens to compare with', () => assert.ok(names.length >= 25));

  it('reads every file and folder of the app once', async () => {
    const [name = ''] = names.map((entry) => entry.name);
    const app = join(root, name, 'app');
    const asked: string[] = [];
    const counting: FileReader = {
      read: (path) => (asked.push(`read ${path}`), nodeFiles.read(path)),
      stat: (path) => (asked.push(`stat ${path}`), nodeFiles.stat(path)),
      list: (path) => (asked.push(`list ${path}`), nodeFiles.list(path)),
    };
    const options = JSON.parse(readFileSync(join(root, name, 'case.json'), 'utf8')) as Case;
    await plan(app, options, counting);
    assert.ok(asked.includes(`list ${app}`));
    assert.deepEqual(asked, [...new Set(asked)]);
  });

  for (const { name } of names)
    it(name, async () => {
      const folder = join(root, name);
      // Apart from this repository, whose package.json would count as the app's workspace.
      const app = join(scratch, name);
      cpSync(join(folder, 'app'), app, { recursive: true });
      const options = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as Case;
      const files = new Map<string, string>();
      let report = '';
      try {
        const planned = await plan(app, options);
        assert.equal(planned.status, 'rewrite');
        for (const { path, role, before, edits } of planned.files) {
          const text = applyEdits(before ?? '', edits);
          const relative = path.slice(app.length + 1);
          report += `${before === undefined ? 'makes' : 'changes'} ${relative} (${role})\n`;
          if (role === 'module' || role === 'config') parseSource(text, path);
          if (role === 'config' || (role === 'module' && options.module === true)) files.set(relative, text);
        }
        for (const { code, file, line } of planned.warnings)
          report += `warning ${code} ${file?.slice(app.length + 1) ?? ''}:${line ?? 0}\n`;
        report += `installs ${JSON.stringify([planned.install?.manager, planned.install?.args, planned.install?.devArgs])}\n`;
      } catch (error) {
        if (!isExpectedError(error)) throw error;
        report = `declined ${error.code}, line ${error.details.line ?? 0}: ${error.message.replaceAll(`${app}/`, '')}\n`;
      }
      compare(folder, files, report);
    });
});

function compare(folder: string, files: ReadonlyMap<string, string>, report: string): void {
  const expected = join(folder, 'expected');
  if (update) {
    rmSync(expected, { recursive: true, force: true });
    for (const [name, text] of files) {
      mkdirSync(dirname(join(expected, name)), { recursive: true });
      writeFileSync(join(expected, name), text);
    }
    writeFileSync(join(folder, 'report.txt'), report);
    return;
  }
  assert.equal(report, readFileSync(join(folder, 'report.txt'), 'utf8'));
  const there = existsSync(expected)
    ? readdirSync(expected, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    : [];
  const texts = new Map(
    there.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(expected.length + 1), readFileSync(path, 'utf8')] as const;
    }),
  );
  assert.deepEqual(Object.fromEntries(files), Object.fromEntries(texts));
}
