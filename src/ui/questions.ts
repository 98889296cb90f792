/**
 * The port through which wizards ask. The editor's side is in prompts.ts; tests answer from a script. Knows no editor.
 */

/** The answer "one step back". */
export const back = Symbol('back');
export type Back = typeof back;

/** One line of a list. */
export interface Choice<T> {
  readonly label: string;
  /** Shown beside the label; for the current value, "recommended" and the like. */
  readonly description?: string;
  /** One short line below the label. */
  readonly detail?: string;
  /** Codicon name. */
  readonly icon?: string;
  /** Heading above this line and its followers. */
  readonly group?: string;
  readonly value: T;
}

interface Question {
  /** Of the whole flow, e.g. "Set Up Client Certificate". */
  readonly title: string;
  /** Position in the flow; absent for single questions. */
  readonly step?: number;
  readonly totalSteps?: number;
  /** Shows the Back button. */
  readonly canGoBack?: boolean;
}

export interface PickQuestion<T> extends Question {
  readonly placeholder: string;
  /** One sentence above the list. */
  readonly prompt?: string;
  readonly choices: readonly Choice<T>[];
  /** Position of the choice that is active at first. */
  readonly active?: number;
  /** Choices that come while the list is open already. */
  readonly more?: MoreChoices<T>;
  /** A choice made of what was typed; it stands below those that match. */
  readonly typed?: (value: string) => Choice<T> | undefined;
  /** A button in the title that shows more about the choices; the question stays. */
  readonly help?: Help;
}

export interface Help {
  /** What the button does, e.g. "Compare the Four Ways". */
  readonly label: string;
  show(): void;
}

/**
 * Adds choices as they become known; its end ends the list's busy state. The sentence that it resolves to is shown above the
 * list, for instance that there is nothing. A rejection ends the question with that error.
 * @param signal aborted as soon as the question is answered or left
 */
export type MoreChoices<T> = (
  add: (choices: readonly Choice<T>[]) => void,
  signal: AbortSignal,
) => Promise<string | undefined>;

/** What is wrong or noteworthy about typed text; only errors keep it from being accepted. */
export interface TextProblem {
  readonly message: string;
  readonly severity: 'error' | 'warning' | 'information';
}

export interface TextQuestion extends Question {
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string;
  /** Hides what is typed; such answers are never remembered. */
  readonly password?: boolean;
  /** Called while typing; the answer of an outdated call is ignored and its signal aborted. */
  validate?(value: string, signal: AbortSignal): TextProblem | undefined | Promise<TextProblem | undefined>;
  /** Validates on Enter only, where a check is too dear for every key. */
  readonly validateOnAccept?: boolean;
}

export interface FileQuestion extends Question {
  readonly placeholder: string;
  /** Absolute paths offered in the list. */
  readonly candidates: readonly string[];
  /** Extensions without dot for the file dialog; empty for any. */
  readonly extensions: readonly string[];
  readonly kind: 'file' | 'folder';
}

/** Asks; every method rejects with CancelledError on Esc, with everything it opened disposed. */
export interface Questions {
  pick<T>(question: PickQuestion<T>): Promise<T | Back>;
  text(question: TextQuestion): Promise<string | Back>;
  /** An absolute path: picked from the candidates, typed, or chosen with "Browse…". */
  file(question: FileQuestion): Promise<string | Back>;
}
