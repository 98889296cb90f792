/** New values of variables that a `.env` file sets already. */
import * as l10n from '@vscode/l10n';
import { applyEdits, type TextEdit } from '../base/edits.ts';
import { ExpectedError } from '../base/errors.ts';
import type { FileReader } from '../base/ports.ts';
import { envLine, envValues, freeName, parseEnv, type EnvEntry } from './dotenv.ts';
import { placeOf } from './envFiles.ts';
import type { ReadFile } from './readConfigs.ts';
import type { Place } from './rotatePlaces.ts';
import { eolOf, readText } from './textFiles.ts';
import type { FileEdits, KeptSecret } from './types.ts';

export interface EnvRotation {
  readonly edits: FileEdits;
  /** Old name to new name, where the code is to read new variables. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** The old private key stays under this name until the old certificate is removed, so that undo can bring it back. */
const previousSuffix = '_PREVIOUS';

/**
 * @param asNew new variables below the old ones, which the code then reads: both change with the one write of the code
 * @throws ExpectedError `variable-not-in-env-file`, `env-file-not-editable`
 */
export async function planEnvRotation(
  places: readonly (Place & { readonly at: { readonly kind: 'environment' } })[],
  asNew: boolean,
  file: ReadFile,
  reader: FileReader,
): Promise<EnvRotation[]> {
  const byFile = new Map<string, typeof places>();
  for (const place of places) {
    const { variable } = place.at as { variable: string };
    const found = placeOf(file.context.env, variable);
    if (found?.line === undefined) throw notInFile(variable, place.what, file.source.fileName);
    const { path } = found.candidate;
    byFile.set(path, [...(byFile.get(path) ?? []), place]);
  }
  const rotations: EnvRotation[] = [];
  for (const [path, own] of byFile) rotations.push(rotate(path, (await readText(path, reader)) ?? '', own, asNew));
  return rotations;
}

function rotate(path: string, text: string, places: readonly Place[], asNew: boolean): EnvRotation {
  const entries = parseEnv(text);
  const values = envValues(text);
  const taken = new Map(values);
  const eol = eolOf(text);
  const renamed = new Map<string, string>();
  const expected = new Map(values);
  const edits: TextEdit[] = [];
  const secrets: KeptSecret[] = [];
  for (const { at, to, what } of places) {
    if (at.kind !== 'environment' || renamed.has(at.variable)) continue;
    const { variable } = at;
    const old = values.get(variable) ?? '';
    const entry = entries.findLast(({ name }) => name === variable);
    const value = to(old);
    if (entry === undefined || value === undefined || edits.some(({ offset }) => offset === entry.lineStart)) continue;
    if (asNew) {
      const name = freeName(`${variable}_2`, value, taken);
      taken.set(name, value);
      renamed.set(variable, name);
      expected.set(name, value);
      edits.push({ offset: entry.lineEnd, length: 0, text: eol + envLine({ name, value }) });
      if (what === 'key')
        secrets.push({ value: old, envFile: path, variable }, { value, envFile: path, variable: name });
      continue;
    }
    expected.set(variable, value);
    const keepsOld = what === 'key' && old !== '';
    const previous = freeName(variable + previousSuffix, old, taken);
    if (keepsOld) {
      taken.set(previous, old);
      expected.set(previous, old);
      secrets.push({ value: old, envFile: path, variable: previous }, { value, envFile: path, variable });
    }
    edits.push(
      lineEdit(
        text,
        entry,
        envLine({ name: variable, value }),
        keepsOld ? eol + envLine({ name: previous, value: old }) : '',
      ),
    );
  }
  verify(text, edits, expected);
  const before = {
    path,
    role: 'env' as const,
    before: text,
    edits: edits.sort((a, b) => a.offset - b.offset),
    secrets,
  };
  return { edits: before, renamed };
}

/** The whole line, so that undo finds it by its name; what stands before the name (`export`, blanks) stays. */
function lineEdit(text: string, entry: EnvEntry, line: string, more: string): TextEdit {
  const head = /^\s*(?:export\s+)?/.exec(text.slice(entry.lineStart, entry.valueStart))?.[0] ?? '';
  return {
    offset: entry.lineStart,
    length: entry.lineEnd - entry.lineStart,
    text: head.replace(/^[\r\n]+/, '') + line + more,
  };
}

function verify(text: string, edits: readonly TextEdit[], expected: ReadonlyMap<string, string>): void {
  const after = envValues(applyEdits(text, edits));
  if (after.size === expected.size && [...expected].every(([name, value]) => after.get(name) === value)) return;
  throw new ExpectedError(
    'env-file-not-editable',
    l10n.t(
      'A new value in the .env file would change other values in it, for instance because a quote is not closed. Put every value on one line with closed quotes, then run this command again.',
    ),
  );
}

function notInFile(variable: string, what: Place['what'], file: string): ExpectedError {
  return new ExpectedError(
    'variable-not-in-env-file',
    l10n.t(
      'The app takes a value of its certificate ({0}) from the variable {1}, which no .env file of it sets. Nothing was changed. Put the variable into the .env file that the app loads here, then rotate; set it anew in every other deployment.',
      what,
      variable,
    ),
    { file },
  );
}
