/**
 * Checks the options objects of commands: they come from other people's code. Knows no editor, so that it can be tested
 * alone; a Uri is recognised by its shape.
 */
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';

/** Checks one value and returns it in the form that commands work with (paths instead of Uris). Throws `invalid-options`. */
export type Check = (value: unknown, name: string) => unknown;

export type Schema = Readonly<Record<string, Check>>;

function invalid(name: string, expected: string): ExpectedError {
  return new ExpectedError(
    'invalid-options',
    l10n.t(
      'The option "{0}" cannot be used: it must be {1}. The README lists the options of every command under "Automation".',
      name,
      expected,
    ),
    { data: { option: name } },
  );
}

/** Any text but the empty one. */
export const text: Check = (value, name) => {
  if (typeof value !== 'string' || value === '') throw invalid(name, l10n.t('a text that is not empty'));
  return value;
};

/** A password: any text, the empty one included. */
export const password: Check = (value, name) => {
  if (typeof value !== 'string') throw invalid(name, l10n.t('a text'));
  return value;
};

/** The password of a new file: no word that means something in the option `passphrase`. Whether it may be empty the command says. */
export const newPassword: Check = (value, name) => {
  if (value === 'generate' || value === 'none')
    throw invalid(name, l10n.t('a password of its own; "generate" and "none" mean something in "passphrase" only'));
  return password(value, name);
};

export const flag: Check = (value, name) => {
  if (typeof value !== 'boolean') throw invalid(name, l10n.t('true or false'));
  return value;
};

/** A whole number from `least` to `most`. */
export function wholeNumber(least: number, most: number): Check {
  return (value, name) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
      throw invalid(name, l10n.t('a whole number from {0} to {1}', least, most));
    }
    return value;
  };
}

export function oneOf(...values: readonly (string | number)[]): Check {
  return (value, name) => {
    if (!values.includes(value as string))
      throw invalid(name, l10n.t('one of {0}', values.map((v) => JSON.stringify(v)).join(', ')));
    return value;
  };
}

/** Tells a Uri of any copy of the API from other objects. */
export function isUri(value: unknown): value is { scheme: string; fsPath: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { scheme?: unknown }).scheme === 'string' &&
    typeof (value as { fsPath?: unknown }).fsPath === 'string'
  );
}

/** A file or folder: `file:` Uri or absolute path; becomes a normalised absolute path. */
export const file: Check = (value, name) => {
  if (isUri(value)) {
    if (value.scheme !== 'file')
      throw invalid(name, l10n.t('a file on this machine, not a "{0}" address', value.scheme));
    return path.normalize(withoutNul(value.fsPath, name));
  }
  if (typeof value !== 'string' || !path.isAbsolute(value)) throw invalid(name, l10n.t('a Uri or an absolute path'));
  return path.normalize(withoutNul(value, name));
};

/** No system has files with such names. */
function withoutNul(value: string, name: string): string {
  if (value.includes('\0')) throw invalid(name, l10n.t('a path without a NUL character'));
  return value;
}

/** A number of texts, none of them empty. */
export const textList: Check = (value, name) => {
  if (!Array.isArray(value)) throw invalid(name, l10n.t('a list of texts'));
  return value.map((entry, index) => text(entry, `${name}[${index}]`));
};

/** A list in which each entry passes the check. */
export function listOf(check: Check): Check {
  return (value, name) => {
    if (!Array.isArray(value)) throw invalid(name, l10n.t('a list'));
    return value.map((entry, index) => check(entry, `${name}[${index}]`));
  };
}

/** An object whose values are texts, each checked; values may be empty. */
export const textMap: Check = (value, name) => {
  if (!isPlainObject(value)) throw invalid(name, l10n.t('an object'));
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, password(entry, `${name}.${key}`)]));
};

/** An object with its own schema. */
export function object(schema: Schema): Check {
  return (value, name) => {
    if (!isPlainObject(value)) throw invalid(name, l10n.t('an object'));
    return checkOptions(value, schema, `${name}.`);
  };
}

/** A text of a given form. @param expected for people, after "it must be" */
export function matching(form: RegExp, expected: () => string): Check {
  return (value, name) => {
    if (typeof value !== 'string' || !form.test(value)) throw invalid(name, expected());
    return value;
  };
}

/** An object whose `kind` selects the schema of its other properties. */
export function choice(kinds: Readonly<Record<string, Schema>>): Check {
  return (value, name) => {
    const kind = isPlainObject(value) ? value.kind : undefined;
    const schema = typeof kind === 'string' && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    if (schema === undefined) {
      const names = Object.keys(kinds).map((k) => JSON.stringify(k));
      throw invalid(`${name}.kind`, l10n.t('one of {0}', names.join(', ')));
    }
    return checkOptions(value, { kind: text, ...schema }, `${name}.`);
  };
}

/** An option that people may expect and that is refused with the reason. @param reason for people */
export function refused(reason: (name: string) => string): Check {
  const check: Check = (_value, name) => {
    throw new ExpectedError('invalid-options', reason(name), { data: { option: name } });
  };
  return Object.assign(check, { refused: true });
}

/** The options that a schema takes. */
export function optionNames(schema: Schema): string[] {
  return Object.entries(schema)
    .filter(([, check]) => (check as { refused?: boolean }).refused !== true)
    .map(([name]) => name);
}

/** Marks a property of a {@link choice} that has to be given. */
export function required(check: Check): Check {
  return Object.assign((value: unknown, name: string) => check(value, name), { required: true });
}

/**
 * Checks a whole options object: unknown and ill-typed options are refused with `invalid-options`, which names them;
 * undefined counts as not given.
 * @param prefix for the names of nested options
 */
export function checkOptions(value: unknown, schema: Schema, prefix = ''): Record<string, unknown> {
  if (!isPlainObject(value)) throw invalid(prefix === '' ? 'options' : prefix.slice(0, -1), l10n.t('an object'));
  const result: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(value)) {
    const check = Object.hasOwn(schema, name) ? schema[name] : undefined;
    if (check === undefined) {
      const known = optionNames(schema).join(', ');
      throw new ExpectedError(
        'invalid-options',
        known === ''
          ? l10n.t('The option "{0}" is unknown: this command takes no options.', prefix + name)
          : l10n.t('The option "{0}" is unknown. The options are: {1}.', prefix + name, known),
        { data: { option: prefix + name } },
      );
    }
    if (entry !== undefined) result[name] = check(entry, prefix + name);
  }
  for (const [name, check] of Object.entries(schema)) {
    if ((check as { required?: boolean }).required === true && result[name] === undefined)
      check(undefined, prefix + name);
  }
  return result;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isUri(value);
}

/**
 * What items of our own views hand to commands: the options that the item stands for. As from the palette, the command
 * asks for the rest and shows its result and its errors itself.
 */
export interface CommandItem {
  readonly commandOptions: Readonly<Record<string, unknown>>;
}

function isCommandItem(value: unknown): value is Record<string, unknown> & CommandItem {
  return isPlainObject(value) && isPlainObject(value.commandOptions);
}

/** How a command was called: with options (automation), with a file or an item of a view (menus), or with nothing (palette, keys). */
export type Call =
  | { readonly kind: 'item'; readonly options: Readonly<Record<string, unknown>> }
  | { readonly kind: 'options'; readonly options: unknown }
  | { readonly kind: 'file'; readonly file: unknown }
  | { readonly kind: 'plain' };

/** Menus pass a Uri and the selected Uris; automation passes one object; anything else is a mistake that checkOptions names. */
export function callOf(args: readonly unknown[]): Call {
  const first = args[0];
  if (first === undefined || first === null) return { kind: 'plain' };
  if (isCommandItem(first)) return { kind: 'item', options: first.commandOptions };
  return isUri(first) ? { kind: 'file', file: first } : { kind: 'options', options: first };
}

/**
 * Whether somebody is there who may be asked to sign in: a command that asks for a confirmation needs somebody too. A caller without
 * anybody would wait for ever for a page in a browser.
 */
export function maySignIn(call: Call, schema: Schema, options: Readonly<Record<string, unknown>>): boolean {
  return call.kind !== 'options' || ('confirm' in schema && options.confirm !== false);
}
