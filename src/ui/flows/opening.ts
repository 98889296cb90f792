/** Asks for what a certificate or key file needs to be opened, one after the other. Knows no editor. */
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { isExpectedError } from '../../base/errors.ts';
import type { OpenOptions } from '../../certificates/types.ts';
import { back } from '../questions.ts';
import type { Back, Questions } from '../questions.ts';
import type { StepFrame } from '../steps.ts';

/** What it takes to open a file, as far as it is known. */
export type Opening = Pick<OpenOptions, 'password' | 'keyPassword' | 'thumbprintSha256'>;

/** That part of the options of a command. */
export function openingOf({ password, keyPassword, thumbprintSha256 }: Opening): Opening {
  return {
    ...(password === undefined ? {} : { password }),
    ...(keyPassword === undefined ? {} : { keyPassword }),
    ...(thumbprintSha256 === undefined ? {} : { thumbprintSha256 }),
  };
}

/** Who is asked. `announce` is told every password before anything is done with it. */
export interface Asking {
  readonly questions: Questions;
  readonly frame: Pick<StepFrame, 'title'> & Partial<StepFrame>;
  announce(secret: string): void;
}

export interface Opened<T> {
  readonly opened: T;
  /** What was given, and what was answered. */
  readonly options: Opening;
}

/**
 * Opens something with what is given. Where more is needed it is asked for: the file's password, the key's own password (Java
 * gives keys one), and which of several certificates is meant. Passwords are checked by opening; a given one that is
 * wrong rejects.
 * @param open rejects with the ExpectedErrors of the certificates room
 * @param file absolute path of what the passwords are for
 * @param asking undefined: never asks, rejects instead
 */
export async function openAsking<T>(
  open: (options: Opening) => Promise<T>,
  given: Opening,
  file: string,
  asking: Asking | undefined,
): Promise<Opened<T> | Back> {
  let options = given;
  let outcome = await attempt(open, options);
  while ('error' in outcome) {
    const missing = missingFor(outcome.error, options);
    if (asking === undefined || missing === undefined) throw outcome.error;
    if (missing === 'thumbprintSha256') {
      const thumbprintSha256 = await askWhich(candidatesOf(outcome.error), asking);
      if (thumbprintSha256 === back) return back;
      options = { ...options, thumbprintSha256 };
      outcome = await attempt(open, options);
      continue;
    }
    const answered = await askPassword(missing, open, options, file, asking);
    if (answered === back) return back;
    ({ options, outcome } = answered);
  }
  return { opened: outcome.opened, options };
}

/** A certificate to choose from, out of the error `several-certificates`. */
export interface Candidate {
  readonly subject: string;
  /** ISO 8601. */
  readonly notAfter: string;
  readonly thumbprintSha256: string;
}

type Outcome<T> = { readonly opened: T } | { readonly error: unknown };

async function attempt<T>(open: (options: Opening) => Promise<T>, options: Opening): Promise<Outcome<T>> {
  try {
    return { opened: await open(options) };
  } catch (error) {
    return { error };
  }
}

function missingFor(error: unknown, options: Opening): keyof Opening | undefined {
  if (!isExpectedError(error)) return undefined;
  if (error.code === 'several-certificates')
    return options.thumbprintSha256 === undefined ? 'thumbprintSha256' : undefined;
  if (error.code !== 'password-required' && error.code !== 'wrong-password') return undefined;
  if (options.password === undefined) return 'password';
  return isForKeyAlone(error) && options.keyPassword === undefined ? 'keyPassword' : undefined;
}

/** The given password opened the file; the key in it has another one. */
function isForKeyAlone(error: unknown): boolean {
  if (!isExpectedError(error) || error.code !== 'password-required') return false;
  return (error.details.data as { password?: unknown } | undefined)?.password === 'key';
}

async function askPassword<T>(
  missing: 'password' | 'keyPassword',
  open: (options: Opening) => Promise<T>,
  options: Opening,
  file: string,
  asking: Asking,
): Promise<{ options: Opening; outcome: Outcome<T> } | Back> {
  const name = path.basename(file);
  const tried = new Map<string, Outcome<T>>();
  const answer = await asking.questions.text({
    ...asking.frame,
    password: true,
    prompt:
      missing === 'password'
        ? l10n.t('Password of {0}', name)
        : l10n.t('{0} is open; the private key in it has a password of its own. Password of the private key', name),
    // Opening may cost a second of key derivation: it is tried on Enter, not on every key.
    validate: async (value) => {
      asking.announce(value);
      const outcome = await attempt(open, { ...options, [missing]: value });
      tried.set(value, outcome);
      if (!('error' in outcome) || !isRefused(outcome.error, missing)) return undefined;
      const message =
        missing === 'password'
          ? l10n.t('{0} does not open with this password.', name)
          : l10n.t('The private key in {0} does not open with this password.', name);
      return { severity: 'error', message };
    },
    validateOnAccept: true,
  });
  if (answer === back) return back;
  const complete = { ...options, [missing]: answer };
  return { options: complete, outcome: tried.get(answer) ?? (await attempt(open, complete)) };
}

/** Whether the password that was just tried is wrong; other failures have nothing to do with it. */
function isRefused(error: unknown, missing: 'password' | 'keyPassword'): boolean {
  if (!isExpectedError(error)) return false;
  if (error.code === 'wrong-password') return true;
  return error.code === 'password-required' && !(missing === 'password' && isForKeyAlone(error));
}

function candidatesOf(error: unknown): readonly Candidate[] {
  return isExpectedError(error) ? (error.details.data as readonly Candidate[]) : [];
}

/** The SHA-256 thumbprint of the one that is meant. */
export function askWhich(
  candidates: readonly Candidate[],
  { questions, frame }: Pick<Asking, 'questions' | 'frame'>,
): Promise<string | Back> {
  return questions.pick({
    ...frame,
    placeholder: l10n.t('The file holds several certificates. Which one?'),
    choices: candidates.map((one) => ({
      label: one.subject,
      description: l10n.t('valid until {0}', one.notAfter.slice(0, 10)),
      detail: one.thumbprintSha256,
      value: one.thumbprintSha256,
    })),
  });
}
