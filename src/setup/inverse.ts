/**
 * Edits turned round for undo, in a form that may lie on disk: what was removed is kept as text, with a reference to the `.env` variable
 * wherever a secret stood; of what was inserted, only the parts that hold no value are kept, enough to find it again.
 */
import * as l10n from '@vscode/l10n';
import type { TextEdit } from '../base/edits.ts';
import { ExpectedError } from '../base/errors.ts';
import type { FileEdits } from '../appConfig/types.ts';
import { digest, type Digest } from './digest.ts';
import { envValue, parseEnvLine } from './envText.ts';

/** Text, or so many UTF-16 units that the journal does not know. */
export type InsertedPiece = string | { readonly gap: number };

/** Text, or the value of a variable in an `.env` file. */
export type RemovedPiece = string | { readonly envFile: string; readonly variable: string };

export interface InverseEdit {
  /** Where the inserted text begins in the text after all edits, in UTF-16 units. */
  readonly offset: number;
  readonly length: number;
  readonly inserted: readonly InsertedPiece[];
  readonly removed: readonly RemovedPiece[];
  /** Digest of the text after all edits up to the end of the inserted text; absent for `.env` files. */
  readonly prefix?: Digest;
  /** Digest of the text after all edits from the beginning of the inserted text; absent for `.env` files. */
  readonly suffix?: Digest;
}

/** Roles whose files hold values that nobody told us about. */
export function isEnvRole(role: FileEdits['role']): boolean {
  return role === 'env' || role === 'envExample';
}

/**
 * Turns a file's edits round. Rejects with `secret-cannot-be-kept` where removed text holds a secret that no variable keeps:
 * undo could then not bring it back without the journal knowing it.
 * @param after the text with the edits applied
 * @param secrets every secret text of the plan
 */
export function invert(file: FileEdits, after: string, secrets: readonly string[]): InverseEdit[] {
  const before = file.before ?? '';
  const known = [...secrets, ...file.secrets.map((secret) => secret.value)].filter((secret) => secret !== '');
  const sorted = file.edits
    .map((edit, index) => ({ edit, index }))
    // An edit that changes nothing would have to be found again for nothing.
    .filter(({ edit }) => before.slice(edit.offset, edit.offset + edit.length) !== edit.text)
    .sort((a, b) => a.edit.offset - b.edit.offset || a.index - b.index);
  let shift = 0;
  return sorted.map(({ edit }) => {
    const offset = edit.offset + shift;
    const length = edit.text.length;
    shift += length - edit.length;
    const removed = before.slice(edit.offset, edit.offset + edit.length);
    const inverse = {
      offset,
      length,
      inserted: isEnvRole(file.role) ? withoutEnvValues(edit, before, known) : withoutSecrets(edit.text, known),
      removed: keepable(file, removed, known),
    };
    // In an .env file the text around may be one short pass phrase, which a plain hash would betray.
    if (isEnvRole(file.role)) return inverse;
    return {
      ...inverse,
      prefix: digest(Buffer.from(after.slice(0, offset + length))),
      suffix: digest(Buffer.from(after.slice(offset))),
    };
  });
}

function withoutSecrets(text: string, secrets: readonly string[]): InsertedPiece[] {
  const found = firstOf(text, secrets);
  if (found === undefined) return text === '' ? [] : [text];
  const { index, value } = found;
  const rest = withoutSecrets(text.slice(index + value.length), secrets);
  return [...(index === 0 ? [] : [text.slice(0, index)]), { gap: value.length }, ...rest];
}

/** Keeps comments, blank lines, names and public values; every other value becomes a gap, however it is quoted or escaped. */
function withoutEnvValues(edit: TextEdit, before: string, secrets: readonly string[]): InsertedPiece[] {
  const pieces: InsertedPiece[] = [];
  const previous = before[edit.offset - 1];
  let atLineStart = previous === undefined || previous === '\n' || previous === '\r' || previous === '\uFEFF';
  for (const part of edit.text.split(/(\r\n|\n|\r)/)) {
    if (part === '') continue;
    if (/^[\r\n]/.test(part)) {
      pieces.push(part);
      atLineStart = true;
      continue;
    }
    const parsed = atLineStart ? parseEnvLine(part) : undefined;
    if (parsed !== undefined) pieces.push(parsed.head, ...keptValue(parsed.rest, secrets));
    else if (/^\uFEFF?\s*(#|$)/.test(part)) pieces.push(...withoutSecrets(part, secrets));
    else pieces.push(...keptValue(part, secrets));
    atLineStart = false;
  }
  return pieces;
}

/** A public value tells this setup's lines from those that another one wrote under the same names. */
function keptValue(rest: string, secrets: readonly string[]): InsertedPiece[] {
  if (rest === '') return [];
  return isPublicValue(rest) && firstOf(rest, secrets) === undefined ? [rest] : [{ gap: rest.length }];
}

/** Of a variable in an `.env` file. */
export function isPublicValue(rest: string): boolean {
  return publicValue.test(rest.trim());
}

/** Values that are public in an `.env` file: thumbprints, versions of a vault's certificate, and paths of key and certificate files. */
const publicValue =
  /^(["'`]?)(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}|[^\s"'`]*\.(?:key|pem|crt|cer|pfx))?\1\s*(?:#.*)?$/;
/** What secrets of Entra look like, and PEM keys: a net below those that the plan names. */
const looksSecret = /[\w.-]{3}\dQ~[\w.~-]{31,34}|PRIVATE KEY-----/;

function keepable(file: FileEdits, removed: string, secrets: readonly string[]): RemovedPiece[] {
  if (isEnvRole(file.role)) {
    for (const line of removed.split(/\r\n|\n|\r/)) {
      const parsed = parseEnvLine(line);
      const isHarmless =
        parsed === undefined
          ? /^\s*(#|$)/.test(line)
          : isPublicValue(parsed.rest) || file.publicValues?.includes(envValue(line, parsed.name) ?? '') === true;
      if (!isHarmless) throw cannotBeKept(file.path);
    }
  }
  const pieces: RemovedPiece[] = [];
  let rest = removed;
  for (let found = firstOf(rest, secrets); found !== undefined; found = firstOf(rest, secrets)) {
    const { index, value } = found;
    const kept = file.secrets.find((secret) => secret.value === value && secret.variable !== undefined);
    if (kept?.envFile === undefined || kept.variable === undefined) throw cannotBeKept(file.path);
    if (index > 0) pieces.push(rest.slice(0, index));
    pieces.push({ envFile: kept.envFile, variable: kept.variable });
    rest = rest.slice(index + value.length);
  }
  if (rest !== '') pieces.push(rest);
  if (pieces.some((piece) => typeof piece === 'string' && looksSecret.test(piece))) throw cannotBeKept(file.path);
  // A literal that the plan says is kept, but that stands here in another form (escapes), would slip through.
  for (const secret of file.secrets) {
    if (!isEnvRole(file.role) && secret.variable !== undefined && !(file.before ?? '').includes(secret.value))
      throw cannotBeKept(file.path);
  }
  return pieces;
}

/** The first and, at one place, longest secret in the text. */
function firstOf(text: string, secrets: readonly string[]): { index: number; value: string } | undefined {
  let best: { index: number; value: string } | undefined;
  for (const value of secrets) {
    const index = text.indexOf(value);
    if (index < 0) continue;
    if (best === undefined || index < best.index || (index === best.index && value.length > best.value.length))
      best = { index, value };
  }
  return best;
}

export function cannotBeKept(path: string): ExpectedError {
  return new ExpectedError(
    'secret-cannot-be-kept',
    l10n.t(
      '{0} was not changed because it holds a secret that no .env variable keeps, so undoing could not bring it back. Move the secret to the .env file as plain text, then try again.',
      path,
    ),
    { file: path },
  );
}
