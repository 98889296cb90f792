/** New values of variables that a `.env` file sets already. */
import * as l10n from '@vscode/l10n';
import { applyEdits, type TextEdit } from '../base/edits.ts';
import { ExpectedError } from '../base/errors.ts';
import type { FileReader } from '../base/ports.ts';
import { envLine, envValues, freeName, parseEnv, type EnvEntry, type EnvVariable } from './dotenv.ts';
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

/** One value that stands in a `.env` file. */
export type EnvPlaceOf = Place & { readonly at: { readonly kind: 'environment' } };

/** The old private key stays under this name until the old certificate is removed, so that undo can bring it back. */
const previousSuffix = '_PREVIOUS';

/**
 * @param asNew new variables below the old ones, which the code then reads: both change with the one write of the code
 * @throws ExpectedError `variable-not-in-env-file`, `env-file-not-editable`
 */
export async function planEnvRotation(
  places: readonly EnvPlaceOf[],
  asNew: boolean,
  file: ReadFile,
  reader: FileReader,
): Promise<EnvRotation[]> {
  const byFile = new Map<string, EnvPlaceOf[]>();
  for (const place of places) {
    const path = envFileOf(place, file);
    byFile.set(path, [...(byFile.get(path) ?? []), place]);
  }
  const rotations: EnvRotation[] = [];
  for (const [path, own] of byFile) {
    const others = [...file.context.env.texts.keys()].filter((each) => each !== path);
    const elsewhere = new Set(others.flatMap((each) => [...file.context.env.valuesOf(each).keys()]));
    rotations.push(rotate({ path, text: (await readText(path, reader)) ?? '', elsewhere }, own, asNew));
  }
  return rotations;
}

/**
 * The `.env` file that sets the variable.
 * @throws ExpectedError `variable-not-in-env-file`
 */
export function envFileOf({ at: { variable }, what }: EnvPlaceOf, file: ReadFile): string {
  const found = placeOf(file.context.env, variable);
  if (found?.line === undefined) throw notInFile(variable, what, file.source.fileName);
  return found.candidate.path;
}

interface EnvText {
  readonly path: string;
  readonly text: string;
  /** Names that the app's other `.env` files set: of two files the first one holds. */
  readonly elsewhere: ReadonlySet<string>;
}

function rotate({ path, text, elsewhere }: EnvText, places: readonly EnvPlaceOf[], asNew: boolean): EnvRotation {
  const entries = parseEnv(text);
  const eol = eolOf(text);
  const renamed = new Map<string, string>();
  const expected = envValues(text);
  const edits: TextEdit[] = [];
  const secrets: KeptSecret[] = [];
  const publicValues: string[] = [];
  for (const { at, to, what } of places) {
    const { variable } = at;
    const entry = entries.findLast(({ name }) => name === variable);
    const value = entry && to(entry.value);
    if (entry === undefined || value === undefined || renamed.has(variable)) continue;
    const { value: old, lineStart, valueEnd, lineEnd } = entry;
    const line = lineOf(text, entry);
    const written = writtenLike(text.slice(entry.valueStart, valueEnd), { name: variable, value });
    if (asNew) {
      const name = newName(variable, value, expected, elsewhere);
      renamed.set(variable, name);
      if (what === 'key')
        secrets.push({ value: old, envFile: path, variable }, { value, envFile: path, variable: name });
      // A run before this one may have written it already.
      if (expected.get(name) !== value) edits.push(edit(lineEnd, lineEnd, eol + line.named(name) + written));
      expected.set(name, value);
    } else if (value !== old && !edits.some(({ offset }) => offset === lineStart)) {
      expected.set(variable, value);
      if (what !== 'key' || old === '') {
        // From the name on, by which undo finds it again.
        edits.push(edit(lineStart, valueEnd, line.own + written));
        publicValues.push(old);
        continue;
      }
      const previous = freeName(variable + previousSuffix, old, expected);
      expected.set(previous, old);
      secrets.push({ value: old, envFile: path, variable: previous }, { value, envFile: path, variable });
      // The old key stays where it is, as it is written, under another name: undo has nothing to write that it would have to know.
      const above = line.own + written + text.slice(valueEnd, lineEnd) + eol;
      edits.push(edit(lineStart, entry.valueStart, above + line.named(previous)));
    }
  }
  verify(text, edits, expected);
  edits.sort((a, b) => a.offset - b.offset);
  return { edits: { path, role: 'env', before: text, edits, secrets, publicValues }, renamed };
}

const edit = (from: number, to: number, text: string): TextEdit => ({ offset: from, length: to - from, text });

interface EnvLine {
  /** What stands before the value: `export`, name, sign and blanks. */
  readonly own: string;
  /** The same for another name. */
  readonly named: (name: string) => string;
}

function lineOf(text: string, { name, lineStart, valueStart }: EnvEntry): EnvLine {
  const head = text.slice(lineStart, valueStart);
  const before = /^\s*(?:export\s+)?/.exec(head)?.[0] ?? '';
  const after = head.slice(before.length + name.length);
  return {
    // dotenv lets a quoted value begin on the line below; another one does not.
    own: /[\r\n]/.test(after) ? `${before}${name}=` : head,
    named: (other) => before + other + after,
  };
}

/**
 * The value as the old one is written, so that whoever else reads the file (a shell, a container) treats it alike; where that
 * would change it, quoted as needed. Line ends become `\n` in double quotes, which dotenv and `node --env-file` read as line ends.
 * @param old the old value with its quotes
 */
function writtenLike(old: string, { name, value }: EnvVariable): string {
  const quote = /^(["'`])[\s\S]*\1$/.exec(old)?.[1] ?? '';
  const written = value.includes('\n') ? `"${value.replaceAll('\n', '\\n')}"` : quote + value + quote;
  const [read, ...more] = parseEnv(`${name}=${written}`);
  if (read?.value === value && more.length === 0) return written;
  return envLine({ name, value }).slice(name.length + 1);
}

/** The next number that is free; a name that has this very value counts as free. */
function newName(
  variable: string,
  value: string,
  taken: ReadonlyMap<string, string>,
  elsewhere: ReadonlySet<string>,
): string {
  const [, base = variable, number = '1'] = /^(.+)_(\d{1,6})$/.exec(variable) ?? [];
  for (let i = Number(number) + 1; ; i++) {
    const name = `${base}_${i}`;
    if (!elsewhere.has(name) && (!taken.has(name) || taken.get(name) === value)) return name;
  }
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
