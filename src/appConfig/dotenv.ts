/**
 * `.env` text: read exactly as the dotenv package reads it, with ranges, and edited by ranges so that every other byte stays.
 * Node's own `--env-file` and dotenv-expand (Next.js, Vite) are respected where a value is written.
 */
import * as l10n from '@vscode/l10n';
import { applyEdits, type TextEdit } from '../base/edits.ts';
import { ExpectedError } from '../base/errors.ts';
import { eolOf } from './textFiles.ts';

/** One assignment. Offsets count UTF-16 units of the text as it stands, CRLF as two. */
export interface EnvEntry {
  readonly name: string;
  readonly value: string;
  /** 1-based line of the name. */
  readonly line: number;
  /** Offset of the first character of the line that the entry begins on. */
  readonly lineStart: number;
  /** Offset after the last character of the line that the entry ends on, its line end excluded. */
  readonly lineEnd: number;
  /** The value as written, quotes included and blanks around it excluded. */
  readonly valueStart: number;
  readonly valueEnd: number;
}

/**
 * The grammar of dotenv 15 to 18 (its `LINE`, BSD-2-Clause): reading it any other way would give values that the app does not see.
 * The pattern keeps state in `lastIndex`, so every reading makes its own.
 */
const line = String.raw`^\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*${'`'}(?:\\${'`'}|[^${'`'}])*${'`'}|[^#\r\n]+)?\s*(?:#.*)?$`;

/** Larger files are no `.env`; the grammar takes quadratic time on hostile ones. */
const maximumLength = 65_536;

/**
 * All assignments in the order of the text; of several with one name the last one holds.
 * @throws ExpectedError `env-file-too-large`
 */
export function parseEnv(text: string): EnvEntry[] {
  if (text.length > maximumLength) {
    throw new ExpectedError(
      'env-file-too-large',
      l10n.t(
        'The .env file is larger than 64 KB, so it is not read. Keep settings only in it, then run this command again.',
      ),
    );
  }
  const { normalised, offsets } = normalise(text);
  const original = (offset: number) => offsets?.[offset] ?? offset;
  const entries: EnvEntry[] = [];
  let counted = 0;
  let lines = 1;
  for (const match of normalised.matchAll(new RegExp(line, 'dgm'))) {
    const [nameStart, nameEnd] = match.indices?.[1] ?? [0, 0];
    const [rawStart, rawEnd] = match.indices?.[2] ?? nothingBehind(normalised, nameEnd);
    const raw = match[2] ?? '';
    const valueStart = rawStart + (raw.length - raw.trimStart().length);
    const valueEnd = Math.max(valueStart, rawEnd - (raw.length - raw.trimEnd().length));
    for (; counted < nameStart; counted++) if (normalised[counted] === '\n') lines++;
    const lineBreak = normalised.indexOf('\n', valueEnd);
    entries.push({
      name: match[1] ?? '',
      value: unquote(raw.trim()),
      line: lines,
      lineStart: original(afterBom(normalised, normalised.lastIndexOf('\n', nameStart - 1) + 1)),
      lineEnd: original(lineBreak < 0 ? normalised.length : lineBreak),
      valueStart: original(valueStart),
      valueEnd: original(valueEnd),
    });
  }
  return entries;
}

/** The place of a value that is not there: behind the sign. */
function nothingBehind(text: string, nameEnd: number): [number, number] {
  const at = nameEnd + (/^[^\S\n]*[=:]/.exec(text.slice(nameEnd))?.[0].length ?? 0);
  return [at, at];
}

function afterBom(text: string, offset: number): number {
  return offset === 0 && text.startsWith('\uFEFF') ? 1 : offset;
}

/** dotenv turns CRLF and CR into LF first; the offsets lead back to the text as it stands. */
function normalise(text: string): { normalised: string; offsets?: readonly number[] } {
  if (!text.includes('\r')) return { normalised: text };
  const offsets: number[] = [];
  let normalised = '';
  for (let i = 0; i < text.length; i++) {
    offsets.push(i);
    const character = text[i] ?? '';
    normalised += character === '\r' ? '\n' : character;
    if (character === '\r' && text[i + 1] === '\n') i++;
  }
  offsets.push(text.length);
  return { normalised, offsets };
}

function unquote(trimmed: string): string {
  const value = trimmed.replace(/^(['"`])([\s\S]*)\1$/gm, '$2');
  return trimmed.startsWith('"') ? value.replace(/\\n/g, '\n').replace(/\\r/g, '\r') : value;
}

/** The variables as dotenv hands them out: of several assignments the last one. */
export function envValues(text: string): Map<string, string> {
  return new Map(parseEnv(text).map((entry) => [entry.name, entry.value]));
}

export interface EnvVariable {
  readonly name: string;
  readonly value: string;
}

/**
 * The assignment as a line of text, quoted no more than needed, so that dotenv and `node --env-file` read the value back exactly.
 * @param expands true where the app's loader is dotenv-expand (Next.js, Vite): a `$` is then escaped
 * @throws ExpectedError `value-not-for-env` when no way of writing it keeps the value
 */
export function envLine({ name, value }: EnvVariable, expands = false): string {
  const text = escapeExpansion(value, expands);
  // Bare only what needs no quotes in a shell either. A backslash before the closing quote would hide it from some readers.
  const bare = /^[\w./:@%+=,~-]*$/.test(text);
  const quotes = bare ? [''] : text.endsWith('\\') ? ['', "'", '"', '`'] : ["'", '"', '`', ''];
  for (const quote of text.includes('\0') ? [] : quotes) {
    if (quote !== '' && text.includes(quote)) continue;
    const written = `${name}=${quote}${text}${quote}`;
    const read = parseEnv(written);
    if (read.length === 1 && read[0]?.name === name && read[0].value === text) return written;
  }
  throw new ExpectedError(
    'value-not-for-env',
    l10n.t(
      'The value for {0} cannot be written to a .env file without changing it. Choose one without quotes, backslashes and line ends.',
      name,
    ),
  );
}

/** dotenv-expand replaces `$NAME` unless the dollar sign is escaped. */
function escapeExpansion(value: string, expands: boolean | undefined): string {
  return expands === true ? value.replaceAll('$', String.raw`\$`) : value;
}

/** Stands above the old secret's line until it is retired; `retireSecret` finds it by this text, so it is not translated. */
export const keptSecretComment =
  '# Kept until this client secret is retired: the app signs in with a client certificate now.';

export interface EnvChange {
  /** Variables to set, in order; those that the text sets to the same value already are left. A name that has another value there is a mistake of the caller: see {@link freeName}. */
  readonly variables: readonly EnvVariable[];
  /** Variable of the old secret: the new lines go directly below its line, the comment above it. Where the text does not set it, new lines go to the end. */
  readonly secret?: string;
  /** Further variables of old secrets, which the app took instead of that one: they get the comment too. */
  readonly otherSecrets?: readonly string[];
  /** The old secret, where it was a literal in code and is to be kept here under the name {@link secret}. */
  readonly secretValue?: string;
  /** False: no comment above the secret's line, for examples. */
  readonly comment?: boolean;
  readonly expands?: boolean;
  /** Line end of a new file; an existing one keeps its own. */
  readonly eol?: '\n' | '\r\n';
}

/**
 * The edits that set variables in a `.env` text. Every value read before reads the same after; a second run gives no edit.
 * @param text undefined for a file that does not exist yet
 * @throws ExpectedError `value-not-for-env`, `env-file-not-editable`, `env-file-too-large`
 */
export function planEnvChange(text: string | undefined, change: EnvChange): TextEdit[] {
  const before = text ?? '';
  const entries = parseEnv(before);
  const values = new Map(entries.map((entry) => [entry.name, entry.value]));
  const eol = before === '' ? (change.eol ?? '\n') : eolOf(before);
  const missing = change.variables.filter(
    ({ name, value }) => values.get(name) !== escapeExpansion(value, change.expands),
  );
  const lines = missing.map((variable) => envLine(variable, change.expands));
  const anchor = entries.findLast((entry) => entry.name === change.secret);
  const edits: TextEdit[] = [];
  if (anchor === undefined) {
    if (change.secret !== undefined && change.secretValue !== undefined) {
      const kept = envLine({ name: change.secret, value: change.secretValue }, change.expands);
      lines.unshift(keptSecretComment, kept);
    }
    if (lines.length > 0) edits.push(atEnd(before, lines, eol));
  } else {
    if (lines.length > 0) {
      edits.push({ offset: anchor.lineEnd, length: 0, text: lines.map((added) => eol + added).join('') });
    }
  }
  for (const name of change.comment === false ? [] : [change.secret, ...(change.otherSecrets ?? [])]) {
    const kept = entries.findLast((entry) => entry.name === name);
    if (kept === undefined || before.slice(0, kept.lineStart).trimEnd().endsWith(keptSecretComment)) continue;
    edits.push({ offset: kept.lineStart, length: 0, text: keptSecretComment + eol });
  }
  edits.sort((a, b) => a.offset - b.offset);
  verify(before, edits, change);
  return edits;
}

/** A text without a final line end stays one; a new or empty file gets one. */
function atEnd(before: string, lines: readonly string[], eol: string): TextEdit {
  const endsLine = before === '' || before === '\uFEFF' || /[\r\n]$/.test(before);
  const joined = lines.join(eol);
  return { offset: before.length, length: 0, text: endsLine ? joined + eol : eol + joined };
}

/** What was read before must read the same after; a file where that cannot be had is better edited by hand. */
function verify(before: string, edits: readonly TextEdit[], change: EnvChange): void {
  const expected = envValues(before);
  const kept = change.secret === undefined || change.secretValue === undefined || expected.has(change.secret);
  const added = kept ? [] : [{ name: change.secret ?? '', value: change.secretValue ?? '' }];
  for (const { name, value } of [...added, ...change.variables]) {
    expected.set(name, escapeExpansion(value, change.expands));
  }
  const after = envValues(applyEdits(before, edits));
  if (expected.size === after.size && [...expected].every(([name, value]) => after.get(name) === value)) return;
  throw new ExpectedError(
    'env-file-not-editable',
    l10n.t(
      'A new line in the .env file would change other values in it, for instance because a quote is not closed. Put every value on one line with closed quotes, then run this command again.',
    ),
  );
}

/** `name`, or with the first free `_2`, `_3`…; a name that has this very value counts as free. */
export function freeName(name: string, value: string, taken: ReadonlyMap<string, string>): string {
  for (let i = 1; ; i++) {
    const candidate = i === 1 ? name : `${name}_${i}`;
    if (!taken.has(candidate) || taken.get(candidate) === value) return candidate;
  }
}
