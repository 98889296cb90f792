/** A request as the sandbox's surfaces see it, and what they answer. */

export interface Incoming {
  readonly method: string;
  /** Absolute, with the host that the client named. Parameter names are decoded (`api%2Dversion` is `api-version`). */
  readonly url: URL;
  /** Path without query, decoded, always without a trailing slash except for the root. */
  readonly path: string;
  readonly segments: readonly string[];
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly text?: string;
}

export type Handler = (incoming: Incoming) => Reply | Promise<Reply>;

/** The body as JSON object; `undefined` when it is empty or not an object. */
export function jsonBody(incoming: Incoming): Record<string, unknown> | undefined {
  if (incoming.body.length === 0) return undefined;
  try {
    const value: unknown = JSON.parse(incoming.body.toString('utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const record = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});
export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
export const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
export const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
export const flag = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);
