/**
 * The one error family. An expected error has a stable code and says what happened, why, and what to do now;
 * it is shown to the user as it is. Everything else is a bug: logged with its stack, masked, shown once.
 */

/** What an {@link ExpectedError} can carry besides its text; must hold no secret, it may be shown and logged. */
export interface ExpectedErrorDetails {
  /** Absolute path of the file that the error is about. */
  readonly file?: string;
  /** 1-based line in {@link file}. */
  readonly line?: number;
  /** 1-based column in {@link file}. */
  readonly column?: number;
  /** Anything a caller may need to go on, JSON-serialisable (for instance the certificates to choose from). */
  readonly data?: unknown;
}

/**
 * An error that users are told about as it is.
 * `message` is the whole text: what happened, why, and what to do now, in that order, as full sentences.
 */
export class ExpectedError extends Error {
  /** Marks expected errors across bundles, where `instanceof` fails because each bundle has its own class. */
  readonly isExpectedError = true;
  readonly details: ExpectedErrorDetails;

  /**
   * @param code stable, kebab-case, documented in the README
   * @param message what happened, why, what to do now; localised by the caller
   */
  constructor(
    readonly code: string,
    message: string,
    details: ExpectedErrorDetails = {},
  ) {
    super(message);
    this.name = 'ExpectedError';
    this.details = details;
  }
}

/** Tells expected errors from bugs; works across bundles. */
export function isExpectedError(error: unknown): error is ExpectedError {
  return error instanceof Error && (error as Partial<ExpectedError>).isExpectedError === true;
}

/** Thrown when the user cancelled: caught at one place, never reported. */
export class CancelledError extends Error {
  readonly isCancelledError = true;
  constructor() {
    super('Cancelled');
    this.name = 'CancelledError';
  }
}

/** True for {@link CancelledError} of any bundle and for the AbortError of Node's own calls. */
export function isCancelled(error: unknown): boolean {
  return (
    error instanceof Error &&
    ((error as Partial<CancelledError>).isCancelledError === true || error.name === 'AbortError')
  );
}

/** Throws {@link CancelledError} when the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new CancelledError();
}
