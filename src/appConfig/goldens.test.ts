import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { goldenCases, runCase } from './testing/goldenCases.ts';

/** UPDATE_GOLDENS=1 writes the expectations anew; look at the difference before it is committed. */
const update = process.env.UPDATE_GOLDENS === '1';

describe('rewriting a configuration', () => {
  const cases = goldenCases();

  it('has goldens to compare with', () => assert.ok(cases.length >= 60));

  for (const golden of cases)
    it(golden.name, () => {
      const { output, report } = runCase(golden);
      expectFile(join(golden.folder, `expected${extname(golden.fileName)}`), output);
      expectFile(join(golden.folder, 'report.txt'), report);
    });
});

/** Compares with a file; undefined means that there must be none. */
function expectFile(path: string, text: string | undefined): void {
  if (update) {
    if (text === undefined) rmSync(path, { force: true });
    else writeFileSync(path, text);
    return;
  }
  const expected = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  const actual = `${path}.actual`;
  if (expected === text) {
    rmSync(actual, { force: true });
    return;
  }
  if (text !== undefined) writeFileSync(actual, text);
  assert.equal(text, expected, `see ${actual}`);
}
