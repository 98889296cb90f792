/** Reads an error answer of a service out of what the SDKs throw, and puts errors into words. */
import { ExpectedError } from '../../base/errors.ts';
import { createMasker } from '../../base/masking.ts';

export interface ServiceError {
  readonly status: number;
  /** e.g. `Forbidden`. */
  readonly code: string;
  /** e.g. `ForbiddenByRbac`. */
  readonly inner?: string;
  /** The service's own words. */
  readonly text: string;
}

/**
 * Undefined when no answer came, or one that is no refusal.
 * @param textOf the body of the answer to a request, where it was kept: the SDKs lose it in lists
 */
export function serviceErrorOf(
  error: unknown,
  textOf: (request: object) => string | undefined = () => undefined,
): ServiceError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { statusCode, request, response, code } = error as {
    statusCode?: unknown;
    code?: unknown;
    request?: object;
    response?: { bodyAsText?: unknown; request?: object };
  };
  if (typeof statusCode !== 'number' || statusCode < 400) return undefined;
  const asked = request ?? response?.request;
  const body = bodyOf((asked === undefined ? undefined : textOf(asked)) ?? response?.bodyAsText);
  const inner = body.innererror;
  const innerCode = isObject(inner) ? inner.code : undefined;
  return {
    status: statusCode,
    code: typeof body.code === 'string' ? body.code : typeof code === 'string' ? code : '',
    ...(typeof innerCode === 'string' ? { inner: innerCode } : {}),
    text: typeof body.message === 'string' ? body.message : '',
  };
}

/** Whether a service of Azure wrote this: its refusals all hold an object `error`, those of a proxy or gateway do not. */
export function isServiceError(text: string): boolean {
  return errorIn(text) !== undefined;
}

const bodyOf = (text: unknown): Record<string, unknown> => (typeof text === 'string' ? errorIn(text) : undefined) ?? {};

function errorIn(text: string): Record<string, unknown> | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    const error = isObject(answer) ? answer.error : undefined;
    return isObject(error) ? error : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

export function expected(code: string, message: string, data?: unknown): ExpectedError {
  return new ExpectedError(code, message, data === undefined ? {} : { data });
}

/** The service's words in one line, masked, ending as a sentence. */
export function sentence(text: string): string {
  const line = createMasker().text(text).replace(/\s+/g, ' ').trim().slice(0, 400);
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
