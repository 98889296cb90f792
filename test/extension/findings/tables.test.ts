import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { passedOn } from '../../../src/diagnosis/keyChecks.ts';
import { projectRoot } from '../../host/cache.ts';
import { collectCodes } from '../../readme/codes.ts';
import { certificateRows } from './certificateRows.ts';
import { credentialRows } from './credentialRows.ts';
import { keyRows } from './keyRows.ts';
import { thumbprintRows } from './thumbprintRows.ts';

/** Reasons for not opening a key that cannot become findings of a config. */
const elsewhere: Readonly<Record<string, string>> = {
  'password-required': 'key-encrypted says it more exactly',
  'no-certificate': 'several keys whose certificate is asked for by its thumbprint, which the check does not do',
  'disk-full': 'of writing',
  'file-read-only': 'of writing',
  'not-a-folder': 'of writing, and no such file for a reader',
  'is-a-folder': 'key-file-missing says it more exactly',
};

/** Files that a file imports, over any number of steps; itself included. Types are nothing that runs. */
function closure(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(path.join(projectRoot, file), 'utf8');
  for (const [, from = ''] of text.matchAll(/^(?:import|export) (?!type )[^;]*? from '(\.[^']*)';$/gm))
    closure(path.posix.join(path.posix.dirname(file), from), seen);
  return seen;
}

describe('the tables of findings', () => {
  const rows = [...thumbprintRows, ...credentialRows, ...keyRows, ...certificateRows];
  const shown = new Set(rows.map(({ code }) => code));
  const checks = collectCodes((file) => /^src\/diagnosis\/\w+\.ts$/.test(file)).map(({ code }) => code);
  const opening = closure('src/certificates/credential.ts');
  const reasons = collectCodes((file) => opening.has(file) || file === 'src/ui/nodeFileErrors.ts')
    .filter(({ kind }) => kind === 'error')
    .map(({ code }) => code);

  it('hold every finding that a check of a config can have', () => {
    assert.ok(checks.length > 25 && reasons.length > 12, 'the codes were found in the source');
    const wanted = new Set([...checks, ...passedOn, ...reasons]);
    assert.deepEqual(
      [...wanted].filter((code) => !shown.has(code) && elsewhere[code] === undefined),
      [],
      'these have no row in test/extension/findings, which shows each in a real editor',
    );
    assert.deepEqual(
      [...shown, ...Object.keys(elsewhere)].filter((code) => !wanted.has(code)),
      [],
      'these have a row and no source',
    );
  });

  it('excuse nothing that has a row', () => {
    assert.deepEqual(
      Object.keys(elsewhere).filter((code) => shown.has(code)),
      [],
    );
  });

  it('name each case once', () => {
    const names = rows.map(({ code, title }) => `${code}: ${title}`);
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
  });
});
